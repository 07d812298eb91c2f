//! One entity as a stream of an event store: versions that are checked, snapshots, and two writers who append at the same time.

use crate::components::{Range, Scale};
use crate::data::{use_entity, use_stream};
use crate::locale::{Texts, date_time, use_texts};
use crate::state::{TransportAction, use_selection, use_source, use_transport};
use crate::views::words::type_name;
use replay_protocol::{AppendVerdict, ExpectedRevision, StreamEvent, StreamRequest, StreamView, Summary};
use yew::prelude::*;

const WRITERS: [&str; 2] = ["A", "B"];

/// What was tried on top of the stream. The log stays as it is.
#[derive(Debug, Clone, PartialEq, Default)]
struct Trial {
    /// Who appended, and what they expected.
    attempts: Vec<(usize, ExpectedRevision)>,
    /// What each writer read last, and whether there was an event at all.
    read: [Option<ExpectedRevision>; 2],
}

#[component]
pub(super) fn StreamSide() -> Html {
    let texts = use_texts();
    let selection = use_selection();
    let transport = use_transport();
    let source = use_source();
    let every = use_state_eq(|| 5.0_f64);
    let checks = use_state_eq(|| true);
    let trial = use_state_eq(Trial::default);
    {
        // What was tried was about that stream at that position.
        let set = trial.setter();
        use_effect_with((selection.entity, transport.position, source.generation), move |_| {
            set.set(Trial::default());
        });
    }
    let entity = use_entity(selection.entity, transport.position);
    let request = selection.entity.map(|entity| StreamRequest {
        entity,
        position: transport.position,
        snapshot_every: *every as u64,
        attempts: trial.attempts.iter().map(|(_, expected)| *expected).collect(),
    });
    let view = use_stream(request);
    let Some(((entity, (view, is_current)), summary)) = entity.zip(view).zip(source.summary.clone()) else {
        return html! { <section class="card"><p class="muted">{ texts.t("no-entity") }</p></section> };
    };
    let verdict = |verdict: AppendVerdict, n: u32| {
        (n > 0).then(|| html! { <li class="stream-count" data-verdict={code(verdict)} data-testid={format!("stream-{}", code(verdict))}>{ texts.with(&format!("stream-n-{}", code(verdict)), &[("n", n.into())]) }</li> })
    };
    let rebuilt = match view.snapshot {
        Some(snapshot) => texts.with("stream-rebuild", &[("revision", snapshot.into()), ("tail", view.tail.into())]),
        None => texts.with("stream-rebuild-all", &[("tail", view.tail.into())]),
    };
    let all_fit = view.conflicts + view.duplicates + view.gaps + view.unclaimed == 0 && view.revision.is_some();
    html! {
        <>
            <section class="card stream" data-testid="stream">
                <h2>{ texts.with("stream-title", &[("key", entity.key.clone().into())]) }</h2>
                <p class="muted">{ texts.t("stream-lead") }</p>
                <ul class="stream-counts">
                    if all_fit {
                        <li class="stream-count" data-verdict="accepted">{ texts.t("stream-all-fit") }</li>
                    }
                    { for verdict(AppendVerdict::Conflict, view.conflicts) }
                    { for verdict(AppendVerdict::Duplicate, view.duplicates) }
                    { for verdict(AppendVerdict::Gap, view.gaps) }
                    { for verdict(AppendVerdict::Unclaimed, view.unclaimed) }
                </ul>
                <Events view={view.clone()} summary={summary} />
                <div class="stream-snapshots">
                    <Range id="stream-every" label={texts.t("cost-every")} hint={texts.t("cost-every-hint")} unit={texts.t("cost-events")} value={*every} min={1.0} max={100.0} scale={Scale::Log}
                        on_change={let every = every.setter(); Callback::from(move |value: f64| every.set(value))} />
                    <p data-testid="stream-rebuild"><strong>{ rebuilt }</strong></p>
                </div>
            </section>
            { writers(&texts, &view, is_current, &trial, &checks) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct EventsProps {
    view: std::rc::Rc<StreamView>,
    summary: std::rc::Rc<Summary>,
}

/// The events with what an event store would have said of each.
#[component]
fn Events(props: &EventsProps) -> Html {
    let texts = use_texts();
    let transport = use_transport();
    let view = &props.view;
    let event = |event: &StreamEvent| {
        let (position, dispatcher) = (event.position, transport.dispatcher());
        let onclick = Callback::from(move |_: MouseEvent| dispatcher.dispatch(TransportAction::SeekTo(position)));
        let said = match event.verdict {
            AppendVerdict::Accepted | AppendVerdict::Duplicate | AppendVerdict::Unclaimed => {
                texts.t(&format!("stream-{}", code(event.verdict)))
            }
            AppendVerdict::Conflict | AppendVerdict::Gap => texts.with(
                &format!("stream-{}", code(event.verdict)),
                &[
                    ("claimed", event.claimed.unwrap_or_default().into()),
                    ("expected", event.expected.unwrap_or_default().into()),
                ],
            ),
        };
        html! {
            <>
                <tr key={position} data-testid="stream-event" data-verdict={code(event.verdict)} data-covered={view.snapshot.is_some_and(|snapshot| event.revision <= snapshot).to_string()}>
                    <td class="mono stream-revision">{ event.revision }</td>
                    <td><button class="blame-jump mono" type="button" {onclick}>{ format!("#{position}") }</button></td>
                    <td>{ type_name(&props.summary, event.event_type) }</td>
                    <td class="mono muted stream-time">{ event.timestamp_ms.map(date_time) }</td>
                    <td class="mono">{ event.claimed.map_or_else(|| "–".to_owned(), |claimed| format!("v{claimed}")) }</td>
                    <td class="stream-verdict">{ said }</td>
                </tr>
                if event.is_snapshot {
                    <tr class="stream-snapshot"><td colspan="6"><span>{ texts.with("stream-snapshot", &[("revision", event.revision.into())]) }</span></td></tr>
                }
            </>
        }
    };
    html! {
        <div class="stream-events" tabindex="0" role="region" aria-label={texts.t("history")}>
            if view.hidden > 0 {
                <p class="muted">{ texts.with("stream-hidden", &[("n", view.hidden.into())]) }</p>
            }
            if view.events.is_empty() {
                <p class="muted">{ texts.t("stream-empty") }</p>
            } else {
                <table>
                    <thead><tr>
                        <th scope="col">{ texts.t("stream-revision") }</th><th scope="col">{ texts.t("position") }</th><th scope="col">{ texts.t("search-event-type") }</th>
                        <th scope="col" class="stream-time">{ texts.t("palette-time") }</th><th scope="col">{ texts.t("stream-claims") }</th><th scope="col">{ texts.t("stream-says") }</th>
                    </tr></thead>
                    <tbody>{ for view.events.iter().map(event) }</tbody>
                </table>
            }
        </div>
    }
}

/// Two writers who each read the stream and append to what they have read; they wait while what is shown is not what is asked for.
fn writers(
    texts: &Texts,
    view: &StreamView,
    is_current: bool,
    trial: &UseStateHandle<Trial>,
    checks: &UseStateHandle<bool>,
) -> Html {
    // Where the stream is by now, with what was tried.
    let now = view.attempts.last().map_or(view.revision, |last| last.revision);
    let here = now.map_or(ExpectedRevision::NoStream, |revision| ExpectedRevision::Exactly { revision });
    let writer = |(n, name): (usize, &&'static str)| {
        let read = {
            let trial = trial.clone();
            Callback::from(move |_: MouseEvent| {
                let mut next = (*trial).clone();
                next.read[n] = Some(here);
                trial.set(next);
            })
        };
        let append = {
            let (trial, checks) = (trial.clone(), **checks);
            Callback::from(move |_: MouseEvent| {
                let mut next = (*trial).clone();
                let expected = if checks { next.read[n] } else { Some(ExpectedRevision::Any) };
                next.attempts.extend(expected.map(|expected| (n, expected)));
                trial.set(next);
            })
        };
        let knows = trial.read[n].map_or_else(|| texts.t("writers-knows-nothing"), |read| said(texts, read));
        html! {
            <div key={*name} class="writer" role="group" aria-label={texts.with("writers-name", &[("name", (*name).into())])}>
                <h4>{ texts.with("writers-name", &[("name", (*name).into())]) }</h4>
                <p class="muted mono" data-testid={format!("writer-{name}-knows")}>{ knows }</p>
                <div class="query-actions">
                    <button class="button" type="button" data-testid={format!("writer-{name}-read")} disabled={!is_current} onclick={read}>{ texts.t("writers-read") }</button>
                    <button class="button" type="button" data-testid={format!("writer-{name}-append")} disabled={trial.read[n].is_none() || !is_current} onclick={append}>{ texts.t("writers-append") }</button>
                </div>
            </div>
        }
    };
    let outcomes = trial.attempts.iter().zip(&view.attempts).map(|((n, expected), outcome)| {
        let id = if outcome.is_accepted { "writers-accepted" } else { "writers-refused" };
        let now = outcome.revision.map_or_else(|| "–".to_owned(), |revision| revision.to_string());
        html! {
            <li class="writer-outcome" data-testid="append" data-accepted={outcome.is_accepted.to_string()}>
                { texts.with(id, &[("name", WRITERS[*n].into()), ("expected", said(texts, *expected).to_string().into()), ("revision", now.into())]) }
            </li>
        }
    });
    let outcomes: Vec<Html> = outcomes.collect();
    let toggle = {
        let checks = checks.clone();
        Callback::from(move |on: bool| checks.set(on))
    };
    let drop = {
        let set = trial.setter();
        Callback::from(move |_: MouseEvent| set.set(Trial::default()))
    };
    html! {
        <section id="writers" class="card writers" data-testid="writers">
            <h2>{ texts.t("writers-title") }</h2>
            <p class="muted">{ texts.t("writers-lead") }</p>
            <crate::components::Toggle id="writers-check" label={texts.t("writers-check")} hint={texts.t(if **checks { "writers-check-on" } else { "writers-check-off" })} checked={**checks} on_change={toggle} />
            <div class="writers-two">{ for WRITERS.iter().enumerate().map(writer) }</div>
            if !outcomes.is_empty() {
                <ol class="writer-outcomes" role="status">{ for outcomes }</ol>
                <p><button class="button" type="button" data-testid="writers-drop" onclick={drop}>{ texts.t("writers-drop") }</button></p>
            }
        </section>
    }
}

fn said(texts: &Texts, expected: ExpectedRevision) -> AttrValue {
    match expected {
        ExpectedRevision::Any => texts.t("writers-any"),
        ExpectedRevision::NoStream => texts.t("writers-no-stream"),
        ExpectedRevision::Exactly { revision } => texts.with("writers-exactly", &[("revision", revision.into())]),
    }
}

fn code(verdict: AppendVerdict) -> &'static str {
    match verdict {
        AppendVerdict::Unclaimed => "unclaimed",
        AppendVerdict::Accepted => "accepted",
        AppendVerdict::Duplicate => "duplicate",
        AppendVerdict::Conflict => "conflict",
        AppendVerdict::Gap => "gap",
    }
}
