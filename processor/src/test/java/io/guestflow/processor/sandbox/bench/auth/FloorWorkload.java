package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.load.GuestAuthWorkload;
import io.guestflow.processor.sandbox.load.Workload;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The same guests as {@link GuestAuthWorkload}'s, asking the floor: the key says it all. */
final class FloorWorkload implements Workload {
    private static final String GUEST = GuestAuthWorkload.guestOf("");

    private final FloorRecords requests;

    FloorWorkload(RecordSizes sizes) {
        this.requests = new FloorRecords(sizes.get(Hop.REQUESTS));
    }

    @Override
    public String resultTopic() {
        return Hop.RESULTS.floor();
    }

    @Override
    public ProducerRecord<byte[], byte[]> request(String requestId) {
        byte[] key = GuestAuthWorkload.guestOf(requestId).getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(Hop.REQUESTS.floor(), null, null, key, requests.value(), requests.headers());
    }

    @Override
    public @Nullable Answer answer(ConsumerRecord<byte[], byte[]> record) {
        String guest = new String(record.key(), StandardCharsets.UTF_8);
        return guest.startsWith(GUEST) ? new Answer(guest.substring(GUEST.length()), false, "PASSED", true) : null;
    }
}
