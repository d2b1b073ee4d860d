package io.guestflow.processor.sandbox.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * One combined broker and controller of a sandbox cluster.
 *
 * @param id 1 to 3
 * @param voters the static controller quorum, {@code id@host:port} of every node
 */
record Node(int id, Path dir, int port, int controllerPort, String voters) {

    /** On loopback only, answering as fast as a broker can, and with topics of its own no larger than tests need. */
    Map<String, String> properties() {
        int nodes = voters.split(",").length;
        String replicas = Integer.toString(nodes);
        String minIsr = Integer.toString(nodes == 1 ? 1 : nodes - 1);
        String listeners = "PLAINTEXT://" + bootstrap() + ",CONTROLLER://127.0.0.1:" + controllerPort;
        var p = new HashMap<String, String>();
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(id));
        p.put("listeners", listeners);
        p.put("advertised.listeners", listeners);
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("controller.listener.names", "CONTROLLER");
        p.put("inter.broker.listener.name", "PLAINTEXT");
        p.put("controller.quorum.voters", voters);
        p.put("log.dirs", dir.toString());
        p.put("default.replication.factor", replicas);
        p.put("min.insync.replicas", minIsr);
        p.put("offsets.topic.replication.factor", replicas);
        p.put("offsets.topic.num.partitions", "4");
        p.put("transaction.state.log.replication.factor", replicas);
        p.put("transaction.state.log.min.isr", minIsr);
        p.put("transaction.state.log.num.partitions", "4");
        p.put("share.coordinator.state.topic.replication.factor", replicas);
        p.put("share.coordinator.state.topic.min.isr", minIsr);
        // The default waits 3 s for more members before a group's first assignment.
        p.put("group.initial.rebalance.delay.ms", "0");
        p.put("auto.create.topics.enable", "false");
        // The default takes 128 MB of the heap at start, for compacting more keys than a test has.
        p.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
        return p;
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }
}
