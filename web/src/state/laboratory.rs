//! The scenario on the bench: what the controls, the document and a shared link all change.

use replay_protocol::Scenario;
use std::rc::Rc;
use yew::{AttrValue, Reducible};

/// The scenario and where it came from.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Laboratory {
    /// What is simulated.
    pub scenario: Rc<Scenario>,
    /// The ready scenario that it was taken from, until it is changed.
    pub preset: Option<AttrValue>,
    /// The moment that the lanes show, as a share of the time that is drawn.
    pub moment: f64,
    /// The entity that is compared with the truth.
    pub entity: Option<u32>,
}

/// What can happen to it.
pub(crate) enum LaboratoryAction {
    /// A control or the document was changed.
    Edit(Rc<Scenario>),
    /// A ready scenario was taken.
    Take(AttrValue, Rc<Scenario>),
    /// Back to the log as it is.
    Reset,
    /// The lanes show another moment.
    Moment(f64),
    /// Another entity is compared.
    Open(Option<u32>),
}

impl Reducible for Laboratory {
    type Action = LaboratoryAction;

    fn reduce(self: Rc<Self>, action: LaboratoryAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            LaboratoryAction::Edit(scenario) => {
                if scenario != next.scenario {
                    next.preset = None;
                }
                next.scenario = scenario;
            }
            LaboratoryAction::Take(name, scenario) => {
                next = Self { scenario, preset: Some(name), moment: 1.0, entity: None };
            }
            LaboratoryAction::Reset => next = Self { moment: 1.0, ..Self::default() },
            LaboratoryAction::Moment(share) => next.moment = share.clamp(0.0, 1.0),
            LaboratoryAction::Open(entity) => next.entity = entity,
        }
        if next == *self { self } else { Rc::new(next) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(seed: u64) -> Rc<Scenario> {
        Rc::new(Scenario { seed, ..Scenario::default() })
    }

    #[test]
    fn a_ready_scenario_is_one_until_it_is_changed() {
        let laboratory = Rc::new(Laboratory::default());
        let taken = laboratory.reduce(LaboratoryAction::Take("crash".into(), edited(1)));
        assert_eq!(taken.preset.as_deref(), Some("crash"));
        let same = taken.clone().reduce(LaboratoryAction::Edit(edited(1)));
        assert_eq!(same.preset.as_deref(), Some("crash"));
        let other = taken.reduce(LaboratoryAction::Edit(edited(2)));
        assert_eq!(other.preset, None);
        assert_eq!(*other.reduce(LaboratoryAction::Reset).scenario, Scenario::default());
    }
}
