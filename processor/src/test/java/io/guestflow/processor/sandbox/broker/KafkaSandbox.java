package io.guestflow.processor.sandbox.broker;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * What a test does with a broker: topics, records in, records out. Every wait is bounded.
 *
 * <p>Threading: thread-safe.
 */
public final class KafkaSandbox implements AutoCloseable {
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(30);
    /** What is sent meanwhile arrives afterwards. */
    private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(5);

    private final String bootstrap;
    private final Admin admin;
    private final Producer<byte[], byte[]> producer;

    public KafkaSandbox(String bootstrap) {
        this.bootstrap = bootstrap;
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        200,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        (int) LONGEST_OUTAGE.toMillis(),
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        LONGEST_OUTAGE.toMillis()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    public String bootstrap() {
        return bootstrap;
    }

    public Admin admin() {
        return admin;
    }

    /** Creates them with the broker's replication; a topic that is there already is an error. */
    public void createTopics(int partitions, String... names) {
        createTopics(Arrays.stream(names)
                .map(name -> new NewTopic(name, partitions, (short) -1))
                .toList());
    }

    public void createTopics(Collection<NewTopic> topics) {
        get(admin.createTopics(topics).all());
    }

    /**
     * Makes the broker as good as new for the fixed names of our topics and groups. Members that are still in a group
     * are put out of it, so a process left running there fails.
     */
    public void deleteAllTopicsAndGroups() {
        List<String> groups = get(admin.listGroups().all()).stream()
                .map(GroupListing::groupId)
                .toList();
        for (ConsumerGroupDescription group :
                get(admin.describeConsumerGroups(groups).all()).values()) {
            // A static member that was killed would hold its group for a whole session timeout; to remove nobody from a
            // group that is empty is an error.
            if (!group.members().isEmpty()) {
                removeMembers(group.groupId());
            }
        }
        get(admin.deleteConsumerGroups(groups).all());
        // What the broker lists lags behind what it has deleted: a topic that is gone is what is wanted.
        await().atMost(ANSWERS_WITHIN).pollDelay(Duration.ZERO).until(() -> {
            Set<String> topics = get(admin.listTopics().names());
            admin.deleteTopics(topics).topicNameValues().values().forEach(KafkaSandbox::deleted);
            return topics.isEmpty();
        });
    }

    private void removeMembers(String group) {
        try {
            get(admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                    .all());
        } catch (IllegalStateException refused) {
            // The last one may have left by itself meanwhile: that nobody is there is what is wanted.
            if (!(refused.getCause() instanceof IllegalArgumentException)) {
                throw refused;
            }
        }
    }

    private static void deleted(KafkaFuture<Void> topic) {
        try {
            get(topic);
        } catch (IllegalStateException refused) {
            if (!(refused.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw refused;
            }
        }
    }

    /** Sends it where the key's hash says and waits until all replicas have it. */
    public RecordMetadata produce(String topic, @Nullable String key, @Nullable String value) {
        return produce(new ProducerRecord<>(topic, bytes(key), bytes(value)));
    }

    /** Sends it and waits until all replicas have it. */
    public RecordMetadata produce(ProducerRecord<byte[], byte[]> record) {
        return get(send(record));
    }

    /** Sends it; the future completes when all replicas have it. */
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return producer.send(record);
    }

    /** Starts to collect what transactions committed to the topic. */
    public TopicReader readCommitted(String topic) {
        return new TopicReader(bootstrap, topic, IsolationLevel.READ_COMMITTED);
    }

    /** Starts to collect everything on the topic, what aborted transactions left there too. */
    public TopicReader readUncommitted(String topic) {
        return new TopicReader(bootstrap, topic, IsolationLevel.READ_UNCOMMITTED);
    }

    /** Reads the committed records until {@code enough} holds for them; {@link TopicReader#await} says how. */
    public List<ConsumerRecord<String, String>> readCommitted(
            String topic,
            String what,
            Predicate<? super List<ConsumerRecord<String, String>>> enough,
            Duration within) {
        try (TopicReader reader = readCommitted(topic)) {
            return reader.await(what, enough, within);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
    }

    private static <T> T get(KafkaFuture<T> future) {
        return get(future.toCompletionStage().toCompletableFuture());
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get(ANSWERS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the broker refused: " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker did not answer within " + ANSWERS_WITHIN, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
