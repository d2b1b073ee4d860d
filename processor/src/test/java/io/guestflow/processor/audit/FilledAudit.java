package io.guestflow.processor.audit;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessorWrapper;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.WrappedFixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.WrappedProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Fills the audit's stores before the processor looks at them, as a restore from the changelogs does: the test driver
 * restores nothing and deletes its directory at the end.
 */
public final class FilledAudit implements ProcessorWrapper {
    /** What the stores hold at the start. */
    static final String CONFIG = "test.filled.audit";

    private Contents contents = Contents.NOTHING;

    /** Of both stores. */
    record Contents(List<KeyValue<Bytes, byte[]>> chain, List<KeyValue<Windowed<Bytes>, byte[]>> known) {
        static final Contents NOTHING = new Contents(List.of(), List.of());
    }

    @Override
    public void configure(Map<String, ?> configs) {
        contents = (Contents) configs.get(CONFIG);
    }

    @Override
    public <K, V, A, B> WrappedProcessorSupplier<K, V, A, B> wrapProcessorSupplier(
            String name, ProcessorSupplier<K, V, A, B> supplier) {
        if (!name.equals(AuditTopology.AUDIT)) {
            return ProcessorWrapper.asWrapped(supplier);
        }
        return new WrappedProcessorSupplier<>() {
            @Override
            public Set<StoreBuilder<?>> stores() {
                return supplier.stores();
            }

            @Override
            public Processor<K, V, A, B> get() {
                return new Filling<>(supplier.get());
            }
        };
    }

    @Override
    public <K, V, B> WrappedFixedKeyProcessorSupplier<K, V, B> wrapFixedKeyProcessorSupplier(
            String name, FixedKeyProcessorSupplier<K, V, B> supplier) {
        return ProcessorWrapper.asWrappedFixedKey(supplier);
    }

    private final class Filling<K, V, A, B> implements Processor<K, V, A, B> {
        private final Processor<K, V, A, B> filled;

        Filling(Processor<K, V, A, B> filled) {
            this.filled = filled;
        }

        @Override
        public void init(ProcessorContext<A, B> context) {
            KeyValueStore<Bytes, byte[]> chain = context.getStateStore(AuditProcessor.CHAIN);
            contents.chain().forEach(entry -> chain.put(entry.key, entry.value));
            WindowStore<Bytes, byte[]> known = context.getStateStore(KnownFacts.STORE);
            contents.known()
                    .forEach(entry -> known.put(
                            entry.key.key(), entry.value, entry.key.window().start()));
            filled.init(context);
        }

        @Override
        public void process(Record<K, V> record) {
            filled.process(record);
        }

        @Override
        public void close() {
            filled.close();
        }
    }
}
