//! Block scope: which variable a name means, for languages where an inner block may declare a name again.
//!
//! Facts know variables by [`Symbol`], one flat set a function. A name declared where another of the same name is visible (an outer
//! block's, an outer function's, an import, a function of the file) gets a symbol of its own with the same text, so that what is
//! said of the one is never taken for the other.

use super::{build::Builder, facts::Symbol};
use std::collections::HashMap;

/// The open scopes of a file.
#[derive(Default)]
pub struct Scopes {
    /// For each written name, the variables it means, innermost last, with the depth of their scope.
    visible: HashMap<Symbol, Vec<(usize, Symbol)>>,
    /// The names each open scope declared.
    open: Vec<Vec<Symbol>>,
}

impl Scopes {
    /// Opens a block.
    pub fn open(&mut self) {
        self.open.push(Vec::new());
    }

    /// Closes the innermost block.
    pub fn close(&mut self) {
        for name in self.open.pop().unwrap_or_default() {
            if let Some(meanings) = self.visible.get_mut(&name) {
                meanings.pop();
            }
        }
    }

    /// Declares `name` in the innermost block and gives its variable. Declaring it again in the same block gives the same one.
    pub fn declare(&mut self, b: &mut Builder, name: Symbol) -> Symbol {
        let depth = self.open.len();
        let meanings = self.visible.entry(name).or_default();
        let symbol = match meanings.last() {
            Some((at, symbol)) if *at == depth => return *symbol,
            Some(_) => {
                let names = &mut b.facts().names;
                let text = names.get(name).to_owned();
                names.fresh(&text)
            }
            None => name,
        };
        meanings.push((depth, symbol));
        if let Some(scope) = self.open.last_mut() {
            scope.push(name);
        }
        symbol
    }

    /// How many blocks are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The variable a written name means here and the depth of the block that declares it.
    #[must_use]
    pub fn declared(&self, name: Symbol) -> Option<(usize, Symbol)> {
        self.visible.get(&name).and_then(|m| m.last()).copied()
    }

    /// What a written name means here; itself when nothing declares it.
    pub fn resolve(&self, name: Symbol) -> Symbol {
        self.find(name).unwrap_or(name)
    }

    /// The variable a written name means here, when one is declared.
    pub fn find(&self, name: Symbol) -> Option<Symbol> {
        let (_, symbol) = self.visible.get(&name)?.last()?;
        Some(*symbol)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    #[test]
    fn an_inner_declaration_is_another_variable_until_its_block_ends() {
        let mut b = Builder::new(Lang::Go, 0);
        let x = b.symbol("x");
        let mut scopes = Scopes::default();
        scopes.open();
        assert_eq!(scopes.declare(&mut b, x), x);
        scopes.open();
        assert_eq!(scopes.resolve(x), x);
        let inner = scopes.declare(&mut b, x);
        assert_ne!(inner, x);
        assert_eq!((scopes.resolve(x), scopes.declare(&mut b, x)), (inner, inner));
        assert_eq!(b.facts().name(inner), "x");
        scopes.close();
        assert_eq!(scopes.resolve(x), x);
        assert_eq!(b.facts().names.find("x"), Some(x));
    }

    #[test]
    fn the_same_name_in_two_blocks_side_by_side_stays_plain() {
        let mut b = Builder::new(Lang::Go, 0);
        let x = b.symbol("x");
        let mut scopes = Scopes::default();
        for _ in 0..2 {
            scopes.open();
            assert_eq!(scopes.declare(&mut b, x), x);
            scopes.close();
        }
    }
}
