import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Prints what the assignors of kafka-clients give for random groups over a life of joins, leaves and changes.
 *
 * A line is {@code assignor|topic:partitions …|member=topics<owned@generation …|member=partitions …}, members in the order in which they
 * were put into the map that the assignor gets. Arguments: how many lives, and the seed.
 */
public class Assignors {
    private static final int ROUNDS = 5;
    /** The sticky ones have far more to go wrong. */
    private static final List<String> MIX = List.of(
        "sticky", "cooperative-sticky", "range", "sticky", "cooperative-sticky", "roundrobin", "sticky", "cooperative-sticky");

    private record Member(String id, List<String> topics, List<TopicPartition> owned, int generation) {
        static Member joining(String id, List<String> topics) {
            return new Member(id, topics, List.of(), -1);
        }
    }

    private final Random random;
    private final List<String> names;
    private final boolean isEqual;
    private final List<String> shared;
    private final SortedMap<String, Integer> topics = new TreeMap<>();
    private int nextId = 0;

    public static void main(String[] arguments) {
        int lives = Integer.parseInt(arguments[0]);
        Random random = new Random(Long.parseLong(arguments[1]));
        for (int life = 0; life < lives; life++) {
            new Assignors(random).live(MIX.get(life % MIX.size()));
        }
    }

    private Assignors(Random random) {
        this.random = random;
        names = List.of("a", "b", "orders", "zebra", "payments").subList(0, 1 + random.nextInt(5));
        isEqual = random.nextInt(3) == 0;
        for (String name : names) {
            topics.put(name, random.nextInt(4) == 0 ? random.nextInt(20) : random.nextInt(6));
        }
        shared = someTopics();
    }

    private void live(String assignor) {
        List<Member> members = new ArrayList<>();
        for (int i = 1 + random.nextInt(random.nextInt(5) == 0 ? 20 : 6); i > 0; i--) {
            members.add(Member.joining(newId(), subscription()));
        }
        for (int generation = 1; generation <= ROUNDS && !members.isEmpty(); generation++) {
            Map<String, List<TopicPartition>> assigned = assign(assignor, members);
            System.out.println(assignor + "|" + words(topics) + "|" + words(members) + "|" + assignedWords(assigned));
            members = afterwards(members, assigned, generation);
        }
    }

    /** Who is there at the next rebalance, and with what. */
    private List<Member> afterwards(List<Member> members, Map<String, List<TopicPartition>> assigned, int generation) {
        List<Member> after = new ArrayList<>();
        for (Member member : members) {
            int dice = random.nextInt(20);
            boolean leaves = dice == 0 && members.size() > 1;
            boolean missesIt = dice == 1;
            boolean changesTopics = dice == 2 && !isEqual;
            if (missesIt) {
                after.add(member);
            } else if (!leaves) {
                List<String> wanted = changesTopics ? someTopics() : member.topics;
                after.add(new Member(member.id, wanted, assigned.get(member.id), generation));
            }
        }
        if (random.nextBoolean()) {
            after.add(Member.joining(newId(), subscription()));
        }
        if (random.nextInt(4) == 0) {
            topics.computeIfPresent(names.get(random.nextInt(names.size())), (name, n) -> n + 1 + random.nextInt(3));
        }
        if (random.nextInt(3) == 0) {
            Collections.shuffle(after, random);
        }
        return after;
    }

    private Map<String, List<TopicPartition>> assign(String assignor, List<Member> members) {
        Map<String, Subscription> subscriptions = new HashMap<>();
        for (Member member : members) {
            subscriptions.put(member.id, subscriptionOf(assignor, member));
        }
        Map<String, List<TopicPartition>> assigned = new TreeMap<>();
        make(assignor).assign(cluster(), new GroupSubscription(subscriptions)).groupAssignment()
            .forEach((id, assignment) -> assigned.put(id, assignment.partitions()));
        return assigned;
    }

    private static Subscription subscriptionOf(String assignor, Member member) {
        if (!assignor.equals("sticky")) {
            return new Subscription(member.topics, null, member.owned, member.generation, Optional.empty());
        }
        // The eager one gives everything up before it joins, and remembers it in its user data.
        StickyAssignor sticky = new StickyAssignor();
        if (member.generation >= 0) {
            sticky.onAssignment(new Assignment(member.owned),
                new ConsumerGroupMetadata("group", member.generation, member.id, Optional.empty()));
        }
        return new Subscription(member.topics, sticky.subscriptionUserData(new HashSet<>(member.topics)), List.of(),
            member.generation, Optional.empty());
    }

    private static ConsumerPartitionAssignor make(String assignor) {
        return switch (assignor) {
            case "range" -> new RangeAssignor();
            case "roundrobin" -> new RoundRobinAssignor();
            case "sticky" -> new StickyAssignor();
            default -> new CooperativeStickyAssignor();
        };
    }

    private Cluster cluster() {
        Node node = new Node(0, "localhost", 9092);
        Node[] replicas = {node};
        List<PartitionInfo> partitions = new ArrayList<>();
        topics.forEach((topic, n) -> {
            for (int partition = 0; partition < n; partition++) {
                partitions.add(new PartitionInfo(topic, partition, node, replicas, replicas));
            }
        });
        return new Cluster("cluster", List.of(node), partitions, Set.of(), Set.of());
    }

    private List<String> subscription() {
        return isEqual ? shared : someTopics();
    }

    private List<String> someTopics() {
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, random);
        return List.copyOf(shuffled.subList(0, 1 + random.nextInt(shuffled.size())));
    }

    private String newId() {
        String clientId = random.nextBoolean() ? "consumer-app-" + nextId : "c" + nextId;
        nextId++;
        return clientId + "-" + Long.toHexString(random.nextLong() >>> 32);
    }

    private static String words(SortedMap<String, Integer> topics) {
        return topics.entrySet().stream().map(topic -> topic.getKey() + ":" + topic.getValue()).collect(Collectors.joining(" "));
    }

    private static String words(List<Member> members) {
        return members.stream()
            .map(member -> member.id + "=" + String.join(",", member.topics) + "<" + list(member.owned) + "@" + member.generation)
            .collect(Collectors.joining(" "));
    }

    private static String assignedWords(Map<String, List<TopicPartition>> assigned) {
        return assigned.entrySet().stream().map(member -> member.getKey() + "=" + list(member.getValue()))
            .collect(Collectors.joining(" "));
    }

    private static String list(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::toString).collect(Collectors.joining(","));
    }
}
