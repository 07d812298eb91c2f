import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Produces records and prints where the broker says they are.
 *
 * A line of stdin is a topic and keys in hexadecimal ("-" is the empty key); the answer is the topic and the partitions.
 * Arguments: the broker's address, and the partitioner's class if it is not the default.
 */
public class Partitions {
    public static void main(String[] arguments) throws Exception {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", arguments[0]);
        settings.put("key.serializer", ByteArraySerializer.class);
        settings.put("value.serializer", ByteArraySerializer.class);
        if (arguments.length > 1) {
            settings.put("partitioner.class", arguments[1]);
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings);
                Scanner lines = new Scanner(System.in, StandardCharsets.US_ASCII)) {
            while (lines.hasNextLine()) {
                String[] words = lines.nextLine().split(" ");
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (int i = 1; i < words.length; i++) {
                    byte[] key = words[i].equals("-") ? new byte[0] : HexFormat.of().parseHex(words[i]);
                    sent.add(producer.send(new ProducerRecord<>(words[0], key, new byte[0])));
                }
                producer.flush();
                StringBuilder answer = new StringBuilder(words[0]);
                for (Future<RecordMetadata> record : sent) {
                    answer.append(' ').append(record.get().partition());
                }
                System.out.println(answer);
            }
        }
    }
}
