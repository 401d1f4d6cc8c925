//! Node kinds of the Python grammar as an enum, so that the adapter matches on small integers and not on text.

use std::sync::OnceLock;
use tree_sitter::{Node, TreeCursor};

macro_rules! kinds {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// The kinds of nodes and tokens the adapter tells apart, named as in the grammar.
        #[allow(missing_docs)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $($name,)* Error, Unknown }

        impl Kind {
            fn named(text: &str) -> Self {
                match text { $($text => Kind::$name,)* _ => Kind::Unknown }
            }
        }
    };
}

kinds! {
    // statements
    AssertStatement = "assert_statement", AugmentedAssignment = "augmented_assignment", Assignment = "assignment",
    Block = "block", BreakStatement = "break_statement", CaseClause = "case_clause", CasePattern = "case_pattern",
    ClassDefinition = "class_definition", ContinueStatement = "continue_statement",
    DecoratedDefinition = "decorated_definition", Decorator = "decorator", DeleteStatement = "delete_statement",
    ElifClause = "elif_clause", ElseClause = "else_clause", ExceptClause = "except_clause",
    ExecStatement = "exec_statement", ExpressionStatement = "expression_statement", FinallyClause = "finally_clause",
    ForStatement = "for_statement", FunctionDefinition = "function_definition",
    FutureImportStatement = "future_import_statement", GlobalStatement = "global_statement", IfClause = "if_clause",
    IfStatement = "if_statement", ImportFromStatement = "import_from_statement", ImportStatement = "import_statement",
    MatchStatement = "match_statement", Module = "module", NonlocalStatement = "nonlocal_statement",
    PassStatement = "pass_statement", PrintStatement = "print_statement", RaiseStatement = "raise_statement",
    ReturnStatement = "return_statement", TryStatement = "try_statement",
    TypeAliasStatement = "type_alias_statement", WhileStatement = "while_statement", WithClause = "with_clause",
    WithItem = "with_item", WithStatement = "with_statement",
    // parts of definitions and imports
    AliasedImport = "aliased_import", ArgumentList = "argument_list", DefaultParameter = "default_parameter",
    DictionarySplatPattern = "dictionary_splat_pattern", DottedName = "dotted_name",
    KeywordArgument = "keyword_argument", KeywordSeparator = "keyword_separator", ListSplatPattern = "list_splat_pattern",
    PositionalSeparator = "positional_separator", RelativeImport = "relative_import", TuplePattern = "tuple_pattern",
    Type = "type", TypedDefaultParameter = "typed_default_parameter", TypedParameter = "typed_parameter",
    WildcardImport = "wildcard_import",
    // expressions
    AsPattern = "as_pattern", AsPatternTarget = "as_pattern_target", Attribute = "attribute", Await = "await",
    BinaryOperator = "binary_operator", BooleanOperator = "boolean_operator", Call = "call",
    ComparisonOperator = "comparison_operator", ConcatenatedString = "concatenated_string",
    ConditionalExpression = "conditional_expression", Dictionary = "dictionary",
    DictionaryComprehension = "dictionary_comprehension", DictionarySplat = "dictionary_splat", Ellipsis = "ellipsis",
    ExpressionList = "expression_list", False = "false", Float = "float", ForInClause = "for_in_clause",
    FormatExpression = "format_expression", FormatSpecifier = "format_specifier",
    GeneratorExpression = "generator_expression", Identifier = "identifier", Integer = "integer",
    Interpolation = "interpolation", Lambda = "lambda", List = "list", ListComprehension = "list_comprehension",
    ListPattern = "list_pattern", ListSplat = "list_splat", NamedExpression = "named_expression", None = "none",
    NotOperator = "not_operator", Pair = "pair", ParenthesizedExpression = "parenthesized_expression",
    PatternList = "pattern_list", Set = "set", SetComprehension = "set_comprehension", Slice = "slice",
    String = "string", StringContent = "string_content", StringEnd = "string_end", StringStart = "string_start",
    Subscript = "subscript", True = "true", Tuple = "tuple", TypeConversion = "type_conversion",
    UnaryOperator = "unary_operator", Yield = "yield",
    // patterns of `case`
    ClassPattern = "class_pattern", ComplexPattern = "complex_pattern", DictPattern = "dict_pattern",
    KeywordPattern = "keyword_pattern", SplatPattern = "splat_pattern", UnionPattern = "union_pattern",
    // everywhere
    Comment = "comment", LineContinuation = "line_continuation",
    // tokens that tell what an operator is
    And = "and", As = "as", Dot = ".", Equals = "=", From = "from", If = "if", Or = "or", OpenBracket = "[",
    Percent = "%", Plus = "+", PlusEquals = "+=", Underscore = "_", Star = "*",
}

impl Kind {
    /// The kind of a node.
    pub fn of(node: Node<'_>) -> Self {
        static TABLE: OnceLock<Vec<Kind>> = OnceLock::new();
        let table = TABLE.get_or_init(|| {
            let language = crate::lang::parse::grammar(crate::lang::Lang::Python);
            (0..language.node_kind_count())
                .map(|id| Kind::named(language.node_kind_for_id(id as u16).unwrap_or_default()))
                .collect()
        });
        table.get(usize::from(node.kind_id())).copied().unwrap_or(Kind::Error)
    }

    /// The kind of the node the cursor is on.
    pub fn at(cursor: &TreeCursor<'_>) -> Self {
        Kind::of(cursor.node())
    }

    /// True for what may stand between any two tokens.
    pub fn is_extra(self) -> bool {
        matches!(self, Kind::Comment | Kind::LineContinuation)
    }
}

/// The operator a token is, as facts name it.
pub fn operator(token: Node<'_>) -> &'static str {
    const ALL: [&str; 26] = [
        "-", "*", "@", "/", "//", "%", "**", "|", "&", "^", "<<", ">>", "<", "<=", "==", "!=", ">=", ">", "<>", "in",
        "not in", "is", "is not", "+", "~", "=",
    ];
    let text = token.kind();
    ALL.into_iter().find(|op| *op == text).unwrap_or("?")
}
