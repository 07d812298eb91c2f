//! What a search has found so far; each match leads into the replay.

use crate::data::use_commands;
use crate::locale::{date_time, use_texts};
use crate::state::{SelectionAction, TransportAction, View, use_search, use_selection, use_source, use_transport};
use crate::views::words::{place, type_name};
use replay_protocol::Row;
use yew::prelude::*;

#[component]
pub(super) fn Results() -> Html {
    let texts = use_texts();
    let search = use_search();
    let source = use_source();
    let commands = use_commands();
    let transport = use_transport();
    let selection = use_selection();
    let section = use_node_ref();
    {
        let section = section.clone();
        // In a small window the matches begin below what is seen: whoever asked is taken to them.
        use_effect_with(search.job, move |job| {
            let Some(element) = section.cast::<web_sys::Element>().filter(|_| job.is_some()) else { return };
            let height = web_sys::window().and_then(|window| window.inner_height().ok()?.as_f64()).unwrap_or(f64::MAX);
            if element.get_bounding_client_rect().top() > height * 0.7 {
                element.scroll_into_view();
            }
        });
    }
    let Some(summary) = source.summary.clone().filter(|_| search.is_asked) else { return Html::default() };
    let stop = search.job.map(|job| Callback::from(move |_: MouseEvent| commands.stop(job)));
    let said = texts.with(
        if search.job.is_some() || search.is_stopped { "search-found-so-far" } else { "search-found" },
        &[
            ("matches", search.matches.into()),
            ("scanned", search.scanned.into()),
            ("total", search.total.max(search.scanned).into()),
        ],
    );
    let left = u64::from(search.matches).saturating_sub(search.rows.len() as u64);
    let go = |row: &Row, view: Option<View>| {
        let (transport, selection) = (transport.dispatcher(), selection.dispatcher());
        let (position, entity) = (row.position, row.entity);
        Callback::from(move |_: MouseEvent| {
            transport.dispatch(TransportAction::Pause);
            transport.dispatch(TransportAction::SeekTo(position));
            if let Some(entity) = entity {
                selection.dispatch(SelectionAction::Choose(entity));
            }
            if let Some(view) = view {
                selection.dispatch(SelectionAction::Show(view));
            }
        })
    };
    let row = |row: &Row| {
        let is_current = row.position == transport.position;
        html! {
            <tr key={row.position} data-testid="search-row" data-position={row.position.to_string()} data-current={is_current.to_string()}>
                <td><button class="blame-jump mono" type="button" title={texts.t("query-go-here")} onclick={go(row, None)}>{ format!("#{}", row.position) }</button></td>
                <td class="mono">{ place(&summary, row) }</td>
                <td class="mono muted">{ row.timestamp_ms.map(date_time) }</td>
                <td class="mono">{ row.key.clone() }</td>
                <td>{ type_name(&summary, row.event_type) }</td>
                <td class="mono muted query-preview">{ if row.tombstone { format!("∅ {}", texts.t("tombstone")) } else { row.preview.clone() } }</td>
                <td><button class="button button-quiet query-open" type="button" data-testid="search-open" onclick={go(row, Some(View::Replay))}>{ texts.t("query-open") }</button></td>
            </tr>
        }
    };
    html! {
        <section ref={section} class="card query-results" aria-label={texts.t("search-results")} data-testid="search-results" data-running={search.job.is_some().to_string()}>
            <p class="query-found" role="status">
                <strong data-testid="search-found">{ said }</strong>
                if let Some(stop) = stop {
                    <progress aria-label={texts.t("progress")} max={search.total.max(1).to_string()} value={search.scanned.to_string()} />
                    <button class="button" type="button" data-testid="search-stop" onclick={stop}>{ texts.t("cancel") }</button>
                }
                if search.is_stopped {
                    <span class="source-skipped">{ texts.t("search-stopped") }</span>
                }
            </p>
            if !search.rows.is_empty() {
                <div class="query-table" tabindex="0" role="region" aria-label={texts.t("search-results")}>
                    <table>
                        <thead><tr>
                            <th scope="col">{ texts.t("position") }</th><th scope="col">{ texts.t("search-place") }</th><th scope="col">{ texts.t("palette-time") }</th>
                            <th scope="col">{ texts.t("key-by") }</th><th scope="col">{ texts.t("search-event-type") }</th><th scope="col">{ texts.t("value") }</th><td></td>
                        </tr></thead>
                        <tbody>{ for search.rows.iter().map(row) }</tbody>
                    </table>
                </div>
                if left > 0 {
                    <p class="muted">{ texts.with("search-more-matches", &[("n", left.into())]) }</p>
                }
            }
        </section>
    }
}
