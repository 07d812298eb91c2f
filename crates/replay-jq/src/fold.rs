//! `reduce` and `foreach`.

use super::expr::Fold;
use super::machine::{Env, Flow, Machine};
use super::paths::{OutPlace, Place};
use super::value::Value;

impl<'p> Machine<'p> {
    /// For each start that `init` gives, goes through the source: `reduce` hands out what is there at the end, `foreach` each step.
    pub(crate) fn fold(&mut self, fold: &'p Fold, env: &Env<'p>, input: &Place, out: OutPlace<'_, 'p>) -> Flow {
        self.eval_place(&fold.init, env, input.clone(), &mut |m, start| {
            let mut at = Some(start);
            m.eval(&fold.source, env, input.0.clone(), &mut |m, item| {
                m.bind(&[(&fold.pattern, item)], env, &mut |m, env| {
                    let here = at.take().unwrap_or((Value::Null, None));
                    if fold.is_reduce {
                        // The last output counts, as in jq; without one the state is null.
                        return m.eval_place(&fold.update, env, here, &mut |_, place| {
                            at = Some(place);
                            Ok(())
                        });
                    }
                    m.eval_place(&fold.update, env, here.clone(), &mut |m, place| {
                        at = Some(place.clone());
                        match &fold.extract {
                            Some(extract) => m.eval_place(extract, env, place, out),
                            None => out(m, place),
                        }
                    })?;
                    at.get_or_insert(here);
                    Ok(())
                })
            })?;
            if fold.is_reduce { out(m, at.take().unwrap_or((Value::Null, None))) } else { Ok(()) }
        })
    }
}
