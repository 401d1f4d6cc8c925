//! Models: what their rows become.

use super::*;

impl Build {
    /// Takes a file of models in; `file` is its index among those given.
    pub(in crate::scan::compile) fn model(&mut self, file: usize, model: &ModelFile) {
        for (entry, row) in model.sources.iter().enumerate() {
            self.at(true, file, "source", entry);
            self.source(row);
        }
        for (entry, row) in model.sinks.iter().enumerate() {
            self.at(true, file, "sink", entry);
            self.sink(row);
        }
        for (entry, row) in model.sanitisers.iter().enumerate() {
            self.at(true, file, "sanitiser", entry);
            let cleans = self.kinds("cleans", &row.cleans);
            let id = Row::Sanitiser(self.index.sanitisers.len() as u32);
            let args = row.args.iter().filter_map(|t| self.check("args", t)).collect();
            let number = row.number;
            self.index.sanitisers.push(Sanitiser { cleans, number, args });
            self.paths("path", &row.path, id);
        }
        for (entry, row) in model.guards.iter().enumerate() {
            self.at(true, file, "guard", entry);
            self.guard(row);
        }
        for (entry, row) in model.propagators.iter().enumerate() {
            self.at(true, file, "propagator", entry);
            let propagator = Propagator {
                from: row.from.iter().filter_map(|s| self.selector("from", s)).collect(),
                to: row.to.iter().filter_map(|s| self.selector("to", s)).collect(),
                view: row.view,
                number: row.number,
            };
            let id = Row::Propagator(self.index.propagators.len() as u32);
            self.index.propagators.push(propagator);
            self.paths("path", &row.path, id);
        }
        for (entry, row) in model.types.iter().enumerate() {
            self.at(true, file, "type", entry);
            self.type_row(row);
        }
        for (entry, row) in model.parameters.iter().enumerate() {
            self.at(true, file, "parameters", entry);
            self.parameters(row);
        }
        for (entry, row) in model.callbacks.iter().enumerate() {
            self.at(true, file, "callback", entry);
            self.callback(row);
        }
        for (entry, row) in model.neutrals.iter().enumerate() {
            self.at(true, file, "neutral", entry);
            let kind = if row.number { Row::Number } else { Row::Neutral };
            self.paths("path", &row.path, kind);
        }
        for (entry, row) in model.sequences.iter().enumerate() {
            self.at(true, file, "sequence", entry);
            self.paths("path", &row.path, Row::Sequence(row.does));
        }
        for (entry, row) in model.folds.iter().enumerate() {
            self.at(true, file, "fold", entry);
            self.paths("path", &row.path, Row::Fold(row.gives));
        }
        for (entry, row) in model.exits.iter().enumerate() {
            self.at(true, file, "exit", entry);
            self.paths("path", &row.path, Row::Exit);
        }
        for (entry, row) in model.formats.iter().enumerate() {
            self.at(true, file, "format", entry);
            self.format(row);
        }
    }

    fn source(&mut self, row: &SourceRow) {
        let decorated = row
            .decorated_params
            .as_ref()
            .and_then(|s| self.selector("decorated-params", &ArgSelector::Text(s.clone())));
        let into = row.into.as_ref().and_then(|s| self.selector("into", s));
        let id = Row::Source(self.index.sources.len() as u32);
        let provided = (!row.provided.is_empty()).then(|| self.set("provided", &row.provided));
        let harmless = self.kinds("harmless", &row.harmless);
        self.index.sources.push(Source {
            harmless,
            from: row.from,
            label: row.label.as_deref().map(Into::into),
            text: row.text,
            decorated,
            into,
            provided,
            converters: row.converters.iter().map(|c| c.as_str().into()).collect(),
        });
        self.paths("path", &row.path, id);
    }

    fn sink(&mut self, row: &SinkRow) {
        // A kind that no rule of this language asks for costs nothing.
        let asked = self.kinds.get(row.kind.as_str()).copied();
        let Some(kind) = asked.filter(|k| !self.index.takers[k.0 as usize].is_empty()) else {
            return;
        };
        let anywhere = row.path.iter().any(|p| p.trim_start().starts_with('*'));
        if anywhere && row.text.is_none() && row.when.is_empty() {
            self.error(
                "path",
                "a sink through any receiver needs `text` (or `when`) to tell it apart".into(),
            );
        }
        let Some(arg) = self.selector("arg", &row.arg) else {
            return;
        };
        if row.amount {
            self.index.amounts = self.index.amounts.or(Kinds::of(kind));
        }
        let sink = Sink {
            arg,
            kind,
            when: row.when.iter().filter_map(|t| self.check("when", t)).collect(),
            text: self.regex("text", row.text.as_deref()),
            not_text: self.regex("not-text", row.not_text.as_deref()),
            assigned: row.assigned,
            returned: row.returned,
            of_element: row.path.iter().all(|p| p.ends_with("[]")),
            deep: row.deep,
            built: row.built,
            part: row.part,
        };
        let id = Row::Sink(self.index.sinks.len() as u32);
        self.index.sinks.push(sink);
        self.paths("path", &row.path, id);
        self.triggers(&row.path);
    }

    fn guard(&mut self, row: &GuardRow) {
        let guard = Guard {
            arg: row.arg.as_ref().and_then(|s| self.selector("arg", s)),
            cleans: self.kinds("cleans", &row.cleans),
            when: row.when,
            raises: row.raises,
            args: row.args.iter().filter_map(|t| self.check("args", t)).collect(),
        };
        let number = self.index.guards.len() as u32;
        if row.path.iter().any(|p| p == "*.__contains__") {
            self.index.contained.push(number);
        }
        if row.path.iter().any(|p| p == "*.__eq__") {
            self.index.compared.push(number);
        }
        let id = Row::Guard(number);
        self.index.guards.push(guard);
        self.paths("path", &row.path, id);
    }

    fn type_row(&mut self, row: &TypeRow) {
        let argument = row.is.strip_prefix('<').and_then(|r| r.strip_suffix('>'));
        let is = match argument {
            Some(number) => number
                .parse()
                .map(TypeIs::Argument)
                .map_err(|_| "between `<` and `>` stands the number of a type argument".to_owned()),
            None => match row.is.parse() {
                Ok(position) => Ok(TypeIs::Passed(position)),
                Err(_) => self.one_path(&row.is).map(TypeIs::Path),
            },
        };
        match is {
            Ok(is) => {
                let id = Row::Type(self.index.types.len() as u32);
                self.index.types.push(is);
                self.paths("path", &row.path, id);
            }
            Err(problem) => self.error("is", problem),
        }
    }

    fn parameters(&mut self, row: &ParametersRow) {
        if row.names.is_empty() || row.names.len() < row.is.len() {
            self.error("names", "`names` and `is` go side by side".into());
            return;
        }
        let any = |name: &String| name == "*";
        if row.names.iter().all(any) && row.function.is_none() {
            self.error(
                "names",
                "at least one name, or `function`, must tell these parameters apart".into(),
            );
            return;
        }
        let names = row.names.iter().map(|n| match n.as_str() {
            "*" => Vec::new(),
            names => names.split('|').map(|n| n.trim().into()).collect(),
        });
        let names = names.collect();
        let mut is = Vec::with_capacity(row.is.len());
        for path in &row.is {
            match path.as_str() {
                "" => is.push(None),
                path => match self.one_path(path) {
                    Ok(path) => is.push(Some(path)),
                    Err(problem) => self.error("is", problem),
                },
            }
        }
        let function = self.regex("function", row.function.as_deref());
        self.index.parameters.push(Parameters { names, is, function });
    }

    fn callback(&mut self, row: &CallbackRow) {
        let Some(arg) = self.selector("arg", &row.arg) else {
            return;
        };
        let params = row.params.iter().map(|p| self.callback_param(p)).collect();
        let id = Row::Callback(self.index.callbacks.len() as u32);
        self.index.callbacks.push(Callback { arg, params });
        self.paths("path", &row.path, id);
    }

    fn callback_param(&mut self, text: &str) -> CallbackParam {
        match text {
            "" => CallbackParam::Unknown,
            "receiver[]" => CallbackParam::Element,
            "receiver" => CallbackParam::Receiver,
            _ if text.bytes().next().is_some_and(|b| b.is_ascii_digit()) => {
                match self.selector("params", &ArgSelector::Text(text.into())) {
                    Some(selector) => CallbackParam::Argument(selector),
                    None => CallbackParam::Unknown,
                }
            }
            _ => match self.one_path(text) {
                Ok(path) => CallbackParam::Path(path),
                Err(problem) => {
                    self.error("params", problem);
                    CallbackParam::Unknown
                }
            },
        }
    }

    fn format(&mut self, row: &FormatRow) {
        let Some(template) = self.selector("template", &row.template) else {
            return;
        };
        let items = row.items.as_ref().and_then(|s| self.selector("items", s));
        if row.style != BuildStyle::Path && (row.style == BuildStyle::Join) != items.is_some() {
            self.error(
                "items",
                "`items` says what is joined: it goes with the style `join`, may go with `path`, and with no other"
                    .into(),
            );
        }
        let into = row.into.as_ref().and_then(|s| self.selector("into", s));
        let id = Row::Format(self.index.formats.len() as u32);
        self.index.formats.push(Format {
            template,
            style: row.style,
            items,
            into,
            between: row.between.as_deref().map(Into::into),
            anew: row.anew,
        });
        self.paths("path", &row.path, id);
    }
}
