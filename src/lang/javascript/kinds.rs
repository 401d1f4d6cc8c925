//! Node kinds and fields of the three grammars (JavaScript, TypeScript, TSX) as one enum each, so that lowering compares small
//! integers. The tables from a grammar's own ids are built once a process from the grammar's names.

use super::super::{Lang, parse::grammar};
use std::sync::OnceLock;

macro_rules! names {
    ($(#[$doc:meta])* $enum:ident { $($variant:ident = $text:literal),* $(,)? } else $rest:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $enum { $($variant,)* $rest }
        impl $enum {
            fn of(text: &str) -> Self {
                match text { $($text => Self::$variant,)* _ => Self::$rest }
            }
        }
    };
}

names!(
    /// The named nodes an adapter tells apart. `Comment` and `Mark` are never handed out as children.
    Kind {
        // statements
        Program = "program", Block = "statement_block", ExpressionStatement = "expression_statement",
        Variables = "variable_declaration", Lexical = "lexical_declaration", Using = "using_declaration",
        Declarator = "variable_declarator", If = "if_statement", Else = "else_clause", Switch = "switch_statement",
        SwitchBody = "switch_body", Case = "switch_case", DefaultCase = "switch_default", For = "for_statement",
        ForIn = "for_in_statement", While = "while_statement", Do = "do_statement", Try = "try_statement",
        Catch = "catch_clause", Finally = "finally_clause", With = "with_statement", Break = "break_statement",
        Continue = "continue_statement", Return = "return_statement", Throw = "throw_statement",
        Empty = "empty_statement", Debugger = "debugger_statement", Labeled = "labeled_statement",
        Import = "import_statement", ImportClause = "import_clause", NamedImports = "named_imports",
        NamespaceImport = "namespace_import", ImportSpecifier = "import_specifier",
        ImportRequire = "import_require_clause", ImportAlias = "import_alias", ImportAttribute = "import_attribute",
        Export = "export_statement", ExportClause = "export_clause", ExportSpecifier = "export_specifier",
        Enum = "enum_declaration", EnumAssignment = "enum_assignment",
        Interface = "interface_declaration", TypeAlias = "type_alias_declaration", Module = "module",
        Namespace = "internal_module", Ambient = "ambient_declaration", FunctionSignature = "function_signature",
        // functions and classes
        Function = "function_declaration", Generator = "generator_function_declaration",
        FunctionExpression = "function_expression", GeneratorExpression = "generator_function",
        Arrow = "arrow_function", Parameters = "formal_parameters", Required = "required_parameter",
        Optional = "optional_parameter", Method = "method_definition", Class = "class",
        ClassDeclaration = "class_declaration", AbstractClass = "abstract_class_declaration",
        Heritage = "class_heritage", Extends = "extends_clause", Implements = "implements_clause",
        ExtendsTypes = "extends_type_clause", FieldDefinition = "field_definition",
        PublicField = "public_field_definition", StaticBlock = "class_static_block", Decorator = "decorator",
        Accessibility = "accessibility_modifier", PropertySignature = "property_signature",
        // expressions
        Identifier = "identifier", Undefined = "undefined", This = "this", Super = "super", ImportWord = "import",
        String = "string", TemplateString = "template_string", Substitution = "template_substitution",
        Number = "number", Regex = "regex", True = "true", False = "false", Null = "null", Object = "object",
        Pair = "pair", Shorthand = "shorthand_property_identifier", Spread = "spread_element", Array = "array",
        Meta = "meta_property", Parenthesized = "parenthesized_expression", Call = "call_expression",
        Arguments = "arguments", New = "new_expression", Member = "member_expression",
        Subscript = "subscript_expression", Await = "await_expression", Yield = "yield_expression",
        Unary = "unary_expression", Update = "update_expression", Binary = "binary_expression",
        Ternary = "ternary_expression", Assignment = "assignment_expression",
        Augmented = "augmented_assignment_expression", Sequence = "sequence_expression", As = "as_expression",
        Satisfies = "satisfies_expression", Assertion = "type_assertion", NonNull = "non_null_expression",
        Instantiation = "instantiation_expression", Property = "property_identifier",
        PrivateProperty = "private_property_identifier", Computed = "computed_property_name",
        // patterns
        ObjectPattern = "object_pattern", ArrayPattern = "array_pattern", PairPattern = "pair_pattern",
        ShorthandPattern = "shorthand_property_identifier_pattern", ObjectDefault = "object_assignment_pattern",
        DefaultPattern = "assignment_pattern", RestPattern = "rest_pattern",
        // JSX
        JsxElement = "jsx_element", JsxOpening = "jsx_opening_element", JsxClosing = "jsx_closing_element",
        JsxSelfClosing = "jsx_self_closing_element", JsxAttribute = "jsx_attribute", JsxText = "jsx_text",
        JsxExpression = "jsx_expression", JsxNamespace = "jsx_namespace_name", JsxEntity = "html_character_reference",
        // types
        Annotation = "type_annotation", TypeIdentifier = "type_identifier", NestedType = "nested_type_identifier",
        GenericType = "generic_type", TypeArguments = "type_arguments", PredefinedType = "predefined_type",
        ArrayType = "array_type", TupleType = "tuple_type", UnionType = "union_type",
        IntersectionType = "intersection_type", ParenthesizedType = "parenthesized_type",
        ReadonlyType = "readonly_type", ObjectType = "object_type", InterfaceBody = "interface_body",
        LiteralType = "literal_type", TypeParameters = "type_parameters",
        // anywhere
        Comment = "comment", HtmlComment = "html_comment", HashBang = "hash_bang_line", OptionalChain = "optional_chain",
        Error = "ERROR",
        // what the table adds for unnamed tokens
        Word = "\u{0}word", Mark = "\u{0}mark",
    } else Other
);

names!(
    /// The fields an adapter asks for.
    Role {
        Alias = "alias", Alternative = "alternative", Argument = "argument", Arguments = "arguments", Attribute = "attribute",
        Body = "body", Condition = "condition", Consequence = "consequence", Constructor = "constructor",
        Declaration = "declaration", Decorator = "decorator", Finalizer = "finalizer", Flags = "flags",
        Function = "function", Handler = "handler", Increment = "increment", Index = "index",
        Initializer = "initializer", Key = "key", KindWord = "kind", Label = "label", Left = "left", Name = "name",
        Object = "object", OpenTag = "open_tag", Operator = "operator", Parameter = "parameter",
        Parameters = "parameters", Pattern = "pattern", Property = "property", ReturnType = "return_type",
        Right = "right", Source = "source", Type = "type", TypeArguments = "type_arguments", Value = "value",
    } else None
);

/// The tables of one grammar.
pub struct Tables {
    kinds: Vec<Kind>,
    fields: Vec<Role>,
}

impl Tables {
    /// The tables of a language of this adapter.
    pub fn of(lang: Lang) -> &'static Tables {
        static TABLES: [OnceLock<Tables>; 3] = [const { OnceLock::new() }; 3];
        let at = match lang {
            Lang::TypeScript => 1,
            Lang::Tsx => 2,
            _ => 0,
        };
        TABLES[at].get_or_init(|| Tables::build(lang))
    }

    fn build(lang: Lang) -> Tables {
        let grammar = grammar(lang);
        let kinds = (0..grammar.node_kind_count() as u16)
            .map(|id| {
                let name = grammar.node_kind_for_id(id).unwrap_or_default();
                if grammar.node_kind_is_named(id) {
                    Kind::of(name)
                } else if matches!(
                    name,
                    "(" | ")"
                        | "{"
                        | "}"
                        | "["
                        | "]"
                        | ","
                        | ";"
                        | ":"
                        | "."
                        | "?."
                        | "=>"
                        | "="
                        | "\""
                        | "'"
                        | "`"
                        | "${"
                ) {
                    Kind::Mark
                } else {
                    Kind::Word
                }
            })
            .collect();
        let fields = (0..=grammar.field_count() as u16)
            .map(|id| grammar.field_name_for_id(id).map_or(Role::None, Role::of))
            .collect();
        Tables { kinds, fields }
    }

    /// The kind with this id. (The error node's id is beyond the table.)
    pub fn kind(&self, id: u16) -> Kind {
        match self.kinds.get(id as usize) {
            Some(kind) => *kind,
            None if id == u16::MAX => Kind::Error,
            None => Kind::Other,
        }
    }

    /// The field with this id.
    pub fn field(&self, id: Option<std::num::NonZeroU16>) -> Role {
        id.and_then(|id| self.fields.get(id.get() as usize))
            .copied()
            .unwrap_or(Role::None)
    }
}

/// An operator as facts spell it; empty for what is none.
pub fn operator(written: &str) -> &'static str {
    const OPERATORS: [&str; 35] = [
        "+",
        "-",
        "*",
        "/",
        "%",
        "**",
        "&",
        "|",
        "^",
        "<<",
        ">>",
        ">>>",
        "&&",
        "||",
        "??",
        "<",
        "<=",
        "==",
        "===",
        "!=",
        "!==",
        ">=",
        ">",
        "instanceof",
        "in",
        "!",
        "~",
        "typeof",
        "void",
        "delete",
        "+=",
        "||=",
        "&&=",
        "??=",
        "=",
    ];
    OPERATORS.iter().find(|o| **o == written).copied().unwrap_or("")
}
