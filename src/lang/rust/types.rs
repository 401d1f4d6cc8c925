//! Types as written, without what only wraps them.

use super::{Rust, children, first_child};
use crate::lang::adapter::Adapter;
use crate::lang::facts::TypeRef;
use tree_sitter::Node;

/// Types that give what they hold: `Arc<T>` is used like a `T`, and so is, after `?` or `.lock()`, a `Result<T, E>` or a `Mutex<T>`; the
/// extractors that hand a program its own state too. By last segment, with their first argument.
const WRAPPERS: [&str; 25] = [
    "Option",
    "Result",
    "Box",
    "Arc",
    "Rc",
    "Cow",
    "Pin",
    "Mutex",
    "RwLock",
    "RefCell",
    "Cell",
    "OnceCell",
    "OnceLock",
    "Lazy",
    "LazyLock",
    "MutexGuard",
    "Data",
    "State",
    "Extension",
    "Into",
    "AsRef",
    "Borrow",
    "IntoFuture",
    "ThinData",
    "ManuallyDrop",
];

impl Rust<'_, '_> {
    /// A type as written; `None` for `_` and what is not a type.
    pub(super) fn type_ref(&mut self, node: Node<'_>) -> Option<TypeRef> {
        self.deeper(node, |rust| rust.type_ref_inside(node)).flatten()
    }

    fn type_ref_inside(&mut self, node: Node<'_>) -> Option<TypeRef> {
        let (name, parts) = match node.kind() {
            "generic_type" => return self.generic_type(node),
            "reference_type" | "pointer_type" => return self.type_ref(node.child_by_field_name("type")?),
            "dynamic_type" | "abstract_type" => return self.type_ref(node.child_by_field_name("trait")?),
            "higher_ranked_trait_bound" => return self.type_ref(node.child_by_field_name("type")?),
            "qualified_type" => return self.type_ref(node.child_by_field_name("type")?),
            "bounded_type" | "bracketed_type" | "trait_bounds" => {
                let inner = children(node).into_iter().find(|c| c.kind() != "lifetime")?;
                return self.type_ref(inner);
            }
            "array_type" => ("[]", node.child_by_field_name("element").into_iter().collect()),
            "tuple_type" => ("()", children(node)),
            "unit_type" => ("()", Vec::new()),
            "never_type" => ("!", Vec::new()),
            "function_type" => ("fn", Vec::new()),
            "type_identifier"
            | "primitive_type"
            | "identifier"
            | "scoped_type_identifier"
            | "scoped_identifier"
            | "self"
            | "metavariable" => return self.plain_type(node),
            _ => return None,
        };
        let args = parts.into_iter().filter_map(|part| self.type_ref(part)).collect();
        let (name, span) = (self.cx.b.symbol(name), self.span(node));
        Some(TypeRef { name, args, span })
    }

    /// A name or path, dotted, without the generic arguments of its segments.
    fn plain_type(&mut self, node: Node<'_>) -> Option<TypeRef> {
        let text = self.str(node);
        if text == "_" {
            return None;
        }
        let name = match text.contains("::") {
            true => {
                let path = without_arguments(&text).replace("::", ".");
                self.cx.b.symbol(path.trim_start_matches('.'))
            }
            false => self.name_symbol(node),
        };
        let (args, span) = (Vec::new(), self.span(node));
        Some(TypeRef { name, args, span })
    }

    fn generic_type(&mut self, node: Node<'_>) -> Option<TypeRef> {
        let mut outer = self.type_ref(node.child_by_field_name("type")?)?;
        let list = node.child_by_field_name("type_arguments")?;
        let written = children(list).into_iter().filter(|a| a.kind() != "lifetime");
        let mut args: Vec<_> = written.filter_map(|a| self.type_argument(a)).collect();
        let name = self.cx.b.facts().name(outer.name);
        let last = name.rsplit('.').next().unwrap_or_default();
        if !args.is_empty() && WRAPPERS.contains(&last) {
            return Some(args.swap_remove(0));
        }
        outer.args = args;
        outer.span = self.span(node);
        Some(outer)
    }

    /// `T`, or `Output = T`.
    fn type_argument(&mut self, node: Node<'_>) -> Option<TypeRef> {
        match node.kind() {
            "type_binding" => self.type_ref(node.child_by_field_name("type")?),
            _ => self.type_ref(node),
        }
    }

    /// The last segment of a type's path, which names its class.
    pub(super) fn class_name<'n>(&self, ty: Node<'n>) -> Option<Node<'n>> {
        let mut current = ty;
        loop {
            current = match current.kind() {
                "type_identifier" | "identifier" | "primitive_type" => return Some(current),
                "scoped_type_identifier" => return current.child_by_field_name("name"),
                "generic_type" | "reference_type" | "pointer_type" => current.child_by_field_name("type")?,
                "dynamic_type" => current.child_by_field_name("trait")?,
                _ => first_child(current)?,
            };
        }
    }
}

/// `Vec::<T>::Item` without what is between angle brackets.
fn without_arguments(path: &str) -> String {
    let mut depth = 0;
    let mut kept = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '<' => depth += 1,
            '>' => depth -= 1,
            c if depth == 0 && !c.is_whitespace() => kept.push(c),
            _ => {}
        }
    }
    while kept.contains("::::") {
        kept = kept.replace("::::", "::");
    }
    kept
}
