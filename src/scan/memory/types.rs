//! Sizes and ranges of declared types, and what an expression's type is as far as declarations tell.

use super::value::{MAX, MIN};
use crate::lang::{facts::*, size_of_arithmetic};
use std::collections::HashMap;

/// Deepest chain of members and elements whose type is looked for.
const MAX_CHAIN: usize = 6;

/// What is known of a type.
#[derive(Clone, Debug, Default)]
pub(super) struct Ty {
    /// Its size in bytes.
    pub size: Option<i64>,
    /// The size of what it points to, or of an element; 0 when unknown.
    pub step: i64,
    pub pointer: bool,
    pub array: bool,
    /// A struct whose layout is known.
    pub layout: Option<ClassId>,
    /// The values it can hold, when it is a whole number.
    pub range: Option<(i64, i64)>,
}

/// The types of a file.
pub(super) struct Types<'f> {
    facts: &'f Facts,
    layouts: HashMap<String, ClassId>,
    declared: HashMap<(FunctionId, Symbol), TypeRef>,
}

impl<'f> Types<'f> {
    pub(super) fn of_file(facts: &'f Facts) -> Types<'f> {
        let mut layouts = HashMap::new();
        for (i, class) in facts.classes.iter().enumerate() {
            let name = facts.name(class.name);
            let plain = name.strip_prefix("struct ").or_else(|| name.strip_prefix("union "));
            layouts.insert(plain.unwrap_or(name).to_owned(), ClassId(i as u32));
        }
        let mut declared = HashMap::new();
        for (i, function) in facts.functions.iter().enumerate() {
            let id = FunctionId(i as u32);
            for param in &function.params {
                if let Some(ty) = &param.ty {
                    declared.insert((id, param.name), ty.clone());
                }
            }
            for expr in &function.exprs {
                if let ExprKind::Assign { target, value, .. } = &expr.kind
                    && let Target::Name(name, _) = &**target
                    && let ExprKind::Cast { ty, .. } = &function.exprs[value.ix()].kind
                {
                    declared.entry((id, *name)).or_insert_with(|| ty.clone());
                }
            }
        }
        Types {
            facts,
            layouts,
            declared,
        }
    }

    /// The declared type of a variable, of the function or of the file.
    pub(super) fn of_name(&self, function: FunctionId, name: Symbol) -> Option<&TypeRef> {
        self.declared
            .get(&(function, name))
            .or_else(|| self.declared.get(&(FunctionId(0), name)))
    }

    /// True for a variable that the function itself declares.
    pub(super) fn declares(&self, function: FunctionId, name: Symbol) -> bool {
        self.declared.contains_key(&(function, name))
    }

    /// What is known of a type.
    pub(super) fn of(&self, ty: &TypeRef) -> Ty {
        self.of_within(ty, 0)
    }

    fn of_within(&self, ty: &TypeRef, depth: usize) -> Ty {
        let name = self.facts.name(ty.name);
        if depth > MAX_CHAIN {
            return Ty::default();
        }
        if name == "[]" {
            let element = ty.args.last().map(|e| self.of_within(e, depth + 1)).unwrap_or_default();
            let count = (ty.args.len() > 1).then(|| self.facts.name(ty.args[0].name).parse::<i64>().ok());
            let step = element.size.unwrap_or(0);
            return Ty {
                size: count.flatten().and_then(|c| c.checked_mul(step)).filter(|_| step > 0),
                step,
                array: true,
                ..Ty::default()
            };
        }
        let stars = ty.args.iter().map(|a| self.facts.name(a.name));
        let stars: usize = stars.filter(|n| n.starts_with('*')).map(str::len).sum();
        let base = name.trim_end_matches('*');
        let stars = stars + (name.len() - base.len());
        let size = self.size_of_name(base, depth);
        if stars > 0 || name == "()*" {
            return Ty {
                size: Some(8),
                step: if stars > 1 { 8 } else { size.unwrap_or(0) },
                pointer: true,
                layout: self.layouts.get(base).copied().filter(|_| stars == 1),
                ..Ty::default()
            };
        }
        Ty {
            size,
            layout: self.layouts.get(base).copied(),
            range: range(base),
            ..Ty::default()
        }
    }

    fn size_of_name(&self, name: &str, depth: usize) -> Option<i64> {
        if let Some(size) = size_of_arithmetic(name) {
            return Some(size);
        }
        let class = &self.facts.classes[self.layouts.get(name)?.ix()];
        if class.fields.is_empty() {
            return None;
        }
        let union = self.facts.name(class.name).starts_with("union ");
        let (mut total, mut widest) = (0_i64, 1_i64);
        for field in &class.fields {
            let ty = self.of_within(field.ty.as_ref()?, depth + 1);
            let size = ty.size?;
            let align = if ty.array {
                ty.step.clamp(1, 8)
            } else {
                size.clamp(1, 8)
            };
            widest = widest.max(align);
            total = match union {
                true => total.max(size),
                false => total.checked_add(align - 1)? / align * align + size,
            };
        }
        Some(total.checked_add(widest - 1)? / widest * widest)
    }

    /// The size that `sizeof` gives for a type written as text.
    pub(super) fn size_of_text(&self, text: &str) -> Option<i64> {
        let text = text.trim();
        if text.ends_with('*') {
            return Some(8);
        }
        let (text, count) = match text.split_once('[') {
            Some((base, rest)) => (base.trim(), rest.trim_end_matches(']').trim().parse::<i64>().ok()?),
            None => (text, 1),
        };
        let words: Vec<&str> = text
            .split_whitespace()
            .filter(|w| !matches!(*w, "const" | "struct" | "union" | "volatile" | "enum"))
            .collect();
        self.size_of_name(&words.join(" "), 0)?.checked_mul(count)
    }

    /// The type of an expression.
    pub(super) fn of_expr(&self, function: FunctionId, id: ExprId) -> Option<TypeRef> {
        let exprs = &self.facts.functions[function.ix()].exprs;
        let mut chain: Vec<ExprId> = Vec::new();
        let mut at = id;
        let mut ty = loop {
            if chain.len() > MAX_CHAIN {
                return None;
            }
            match &exprs[at.ix()].kind {
                ExprKind::Name(name) => break self.of_name(function, *name)?.clone(),
                ExprKind::Cast { ty, .. } => break ty.clone(),
                ExprKind::Member { base, .. } | ExprKind::Index { base, .. } => {
                    chain.push(at);
                    at = *base;
                }
                ExprKind::Unary { op, operand } if matches!(*op, "*" | "&") => {
                    chain.push(at);
                    at = *operand;
                }
                ExprKind::Same(inner) => at = *inner,
                ExprKind::Concat(parts) => at = *parts.first()?,
                _ => return None,
            }
        };
        while let Some(link) = chain.pop() {
            ty = match &exprs[link.ix()].kind {
                ExprKind::Member { name, .. } => {
                    let layout = self.of(&ty).layout?;
                    let field = self.facts.classes[layout.ix()]
                        .fields
                        .iter()
                        .find(|f| f.name == *name)?;
                    field.ty.clone()?
                }
                ExprKind::Unary { op: "&", .. } => ty,
                _ => self.pointee(&ty)?,
            };
        }
        Some(ty)
    }

    /// What an element of an array, or what a pointer points to, is.
    fn pointee(&self, ty: &TypeRef) -> Option<TypeRef> {
        let name = self.facts.name(ty.name);
        if name == "[]" {
            return ty.args.last().cloned();
        }
        if let Some(base) = name.strip_suffix('*') {
            let name = self.facts.names.find(base)?;
            return Some(TypeRef { name, ..ty.clone() });
        }
        let mut inner = ty.clone();
        let stars = inner.args.pop()?;
        let stars = self.facts.name(stars.name);
        (stars == "*").then_some(inner)
    }

    /// The type of a field.
    pub(super) fn field(&self, layout: ClassId, name: Symbol) -> Option<Ty> {
        let field = self.facts.classes[layout.ix()].fields.iter().find(|f| f.name == name)?;
        field.ty.as_ref().map(|t| self.of(t))
    }
}

/// The values a whole number of that type can have.
fn range(name: &str) -> Option<(i64, i64)> {
    Some(match name {
        "char" | "int8_t" | "CHAR" => (-128, 127),
        "uchar" | "uint8_t" | "BYTE" | "u_char" | "u8" => (0, 255),
        "short" | "int16_t" => (-32768, 32767),
        "ushort" | "uint16_t" | "WORD" | "u16" => (0, 65535),
        "int" | "int32_t" | "INT" | "BOOL" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        "uint" | "unsigned" | "uint32_t" | "DWORD" | "UINT" | "u32" => (0, i64::from(u32::MAX)),
        "ulong" | "size_t" | "uint64_t" | "SIZE_T" | "uintptr_t" | "u64" => (0, MAX),
        "long" | "int64_t" | "ssize_t" | "ptrdiff_t" | "off_t" | "time_t" => (MIN, MAX),
        _ => return None,
    })
}
