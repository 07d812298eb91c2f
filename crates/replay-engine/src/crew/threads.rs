//! Hands that are threads, for the command line and tests. Not built for the browser.

use super::{Answer, Crew, Hand, Shared, Task, Ticket};
use crate::engine::{Attachment, Budget, Step};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

type Order = (Ticket, Vec<u8>, Vec<Arc<[u8]>>);

/// A crew of threads. They end with it.
pub struct Threads {
    cores: usize,
    size: usize,
    now_ms: fn() -> f64,
    hands: Vec<Sender<Order>>,
    answers: (Sender<Answer>, Receiver<Answer>),
    /// Answers that have come, those of hands that are gone among them.
    ready: VecDeque<Answer>,
}

impl Threads {
    /// So many threads at most, with the host's clock.
    pub fn new(size: usize, now_ms: fn() -> f64) -> Threads {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Threads { cores, size, now_ms, hands: Vec::new(), answers: channel(), ready: VecDeque::new() }
    }

    /// Waits until an answer has come. Only while a task is under way.
    pub fn wait(&mut self) {
        if self.ready.is_empty() {
            self.ready.extend(self.answers.1.recv());
        }
    }
}

fn work(orders: &Receiver<Order>, answers: &Sender<Answer>) {
    let mut hand = Hand::new();
    while let Ok((ticket, bytes, sources)) = orders.recv() {
        let sources = sources.into_iter().map(|bytes| Box::new(bytes.to_vec()) as Attachment).collect();
        let done = catch_unwind(AssertUnwindSafe(|| {
            hand.accept(ticket, bytes, sources);
            while hand.step(Budget::records(usize::MAX), &mut |answer| drop(answers.send(answer))) != Step::Idle {}
        }));
        if done.is_err() {
            hand = Hand::new();
            // Whoever no longer listens needs no answer.
            drop(answers.send(Answer { ticket, outcome: Err("the thread broke down".to_owned()) }));
        }
    }
}

impl Crew for Threads {
    fn cores(&self) -> usize {
        self.cores
    }

    fn size(&self) -> usize {
        self.size
    }

    fn submit(&mut self, hand: usize, ticket: Ticket, task: Task) {
        while self.hands.len() <= hand {
            let (sender, orders) = channel();
            let answers = self.answers.0.clone();
            std::thread::spawn(move || work(&orders, &answers));
            self.hands.push(sender);
        }
        let sources =
            task.sources.into_iter().filter_map(|Shared(source)| source.downcast().ok().map(|source| *source));
        let order: Order = (ticket, task.bytes, sources.collect());
        if self.hands[hand].send(order).is_err() {
            self.ready.push_back(Answer { ticket, outcome: Err("the thread is gone".to_owned()) });
        }
    }

    fn poll(&mut self) -> Option<Answer> {
        self.ready.pop_front().or_else(|| self.answers.1.try_recv().ok())
    }

    fn has_answer(&mut self) -> bool {
        self.ready.extend(self.answers.1.try_recv());
        !self.ready.is_empty()
    }

    fn dismiss(&mut self) {
        self.hands.clear();
        self.ready.clear();
        self.answers = channel();
    }

    fn now_ms(&self) -> f64 {
        (self.now_ms)()
    }
}
