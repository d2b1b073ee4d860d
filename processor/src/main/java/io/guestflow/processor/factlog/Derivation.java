package io.guestflow.processor.factlog;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * A processor that derives something, and says of each record that it is done with it. Kafka Streams turns its failure into
 * a dead letter and lets the stream go on, so whoever handed it the record would not hear of it.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class Derivation<K, V> implements Processor<byte[], Object, K, V> {
    private static final String DONE = "derived";
    private static final Header SAID = new RecordHeader(DONE, new byte[0]);

    private final Processor<byte[], Object, K, V> derives;

    Derivation(Processor<byte[], Object, K, V> derives) {
        this.derives = derives;
    }

    /** Whether the derivation that was handed the record with these headers is done with it; for the next one, nobody is. */
    static boolean takeDone(Headers headers) {
        boolean done = headers.lastHeader(DONE) != null;
        headers.remove(DONE);
        return done;
    }

    @Override
    public void init(ProcessorContext<K, V> context) {
        derives.init(context);
    }

    @Override
    public void process(Record<byte[], Object> record) {
        derives.process(record);
        if (record.value() instanceof FactRecord.Told) {
            record.headers().add(SAID);
        }
    }

    @Override
    public void close() {
        derives.close();
    }
}
