//! The assignors against those of kafka-clients 4.1.1, over random lives of groups: members join, leave, miss a generation, change their
//! subscriptions, and topics grow.
//!
//! A line of the vectors is `assignor|topic:partitions …|member=topics<owned@generation …|member=partitions …`, members in the order in which
//! they were put into the Java client's map. The order inside a list has no meaning to Kafka; it is compared
//! for the assignors that do not take topics from a hash map on the way (`range` does, and the user data of `sticky`).

#![allow(clippy::unwrap_used, reason = "a malformed line of the vectors fails the test")]

use replay_kafka::{Assignment, Assignor, Member, TopicPartition};

fn partitions(text: &str) -> Vec<TopicPartition> {
    text.split(',')
        .filter(|name| !name.is_empty())
        .map(|name| {
            let (topic, partition) = name.rsplit_once('-').unwrap();
            TopicPartition::new(topic, partition.parse().unwrap())
        })
        .collect()
}

fn member(text: &str) -> Member {
    let (id, rest) = text.split_once('=').unwrap();
    let (topics, rest) = rest.split_once('<').unwrap();
    let (owned, generation) = rest.split_once('@').unwrap();
    Member {
        owned: partitions(owned),
        generation: generation.parse().unwrap(),
        ..Member::new(id, &topics.split(',').collect::<Vec<_>>())
    }
}

#[test]
fn every_member_gets_what_the_java_client_gives_it() {
    let vectors = include_str!("vectors/assignors.txt");
    let mut n_compared = 0;
    for line in vectors.lines() {
        let [assignor, topics, members, expected] = line.split('|').collect::<Vec<_>>()[..] else {
            panic!("not four fields: {line}");
        };
        let assignor: Assignor = assignor.parse().unwrap();
        let topics = topics
            .split(' ')
            .map(|word| word.split_once(':').unwrap())
            .map(|(topic, n)| (topic.to_owned(), n.parse().unwrap()))
            .collect();
        let members: Vec<Member> = members.split(' ').map(member).collect();
        let mut expected: Assignment = expected
            .split(' ')
            .map(|word| word.split_once('=').unwrap())
            .map(|(id, list)| (id.to_owned(), partitions(list)))
            .collect();
        let mut got = assignor.assign(&topics, &members);
        if matches!(assignor, Assignor::Range | Assignor::Sticky) {
            got.values_mut().chain(expected.values_mut()).for_each(|list| list.sort());
        }
        assert_eq!(got, expected, "{line}");
        n_compared += 1;
    }
    assert!(n_compared >= 200);
}
