package io.guestflow.processor.runtime;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;

/** The commands of Kafka's own tools that mend topics, and what groups read of them. */
final class TopicCommands {
    /** The tool wants the milliseconds, also where there are none. */
    private static final DateTimeFormatter TOOLS_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private final String servers;

    TopicCommands(String servers) {
        this.servers = servers;
    }

    String create(NewTopic topic) {
        String replication = topic.replicationFactor() < 0 ? "" : " --replication-factor " + topic.replicationFactor();
        String configs = topic.configs().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(config -> " --config " + config.getKey() + "=" + config.getValue())
                .collect(Collectors.joining());
        return topics() + " --create --topic " + topic.name() + " --partitions " + topic.numPartitions() + replication
                + configs;
    }

    String recreate(NewTopic topic) {
        return delete(List.of(topic.name())) + " && " + create(topic);
    }

    String delete(List<String> names) {
        return names.stream()
                .map(name -> topics() + " --delete --topic " + name)
                .collect(Collectors.joining(" && "));
    }

    String addPartitions(String topic, int partitions) {
        return topics() + " --alter --topic " + topic + " --partitions " + partitions;
    }

    String configure(String topic, String name, String value) {
        return "kafka-configs.sh --bootstrap-server " + servers + " --alter --entity-type topics --entity-name " + topic
                + " --add-config " + name + "=" + value;
    }

    String allow(String topic, String operation) {
        return "kafka-acls.sh --bootstrap-server " + servers + " --add --allow-principal User:<this process's user>"
                + " --operation " + operation + " --topic " + topic;
    }

    /** A group, none of whose members runs, goes on at the first record that is not older. */
    String goOnAt(String group, String topic, int partition, Instant time) {
        return "kafka-consumer-groups.sh --bootstrap-server " + servers + " --group " + group + " --topic " + topic
                + ":" + partition + " --reset-offsets --to-datetime " + TOOLS_TIME.format(time) + " --execute";
    }

    private String topics() {
        return "kafka-topics.sh --bootstrap-server " + servers;
    }
}
