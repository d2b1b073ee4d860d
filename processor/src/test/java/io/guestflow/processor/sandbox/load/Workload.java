package io.guestflow.processor.sandbox.load;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is asked, and how the answers are told apart.
 *
 * <p>Threading: {@link #request} is called by the sending thread, {@link #answer} by the reading one.
 */
public interface Workload {

    /** Where the answers come. */
    String resultTopic();

    /** A request with that id, for a guest that no other request has. */
    ProducerRecord<byte[], byte[]> request(String requestId);

    /** What a record of the result topic answers; null if it is nothing that this workload could have asked for. */
    @Nullable
    Answer answer(ConsumerRecord<byte[], byte[]> record);

    /**
     * An answer.
     *
     * @param replayed whether it says of itself that it was given before
     * @param outcome in one word, for the report
     * @param good whether it is the answer that the request should get
     */
    record Answer(String requestId, boolean replayed, String outcome, boolean good) {}
}
