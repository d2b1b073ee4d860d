package io.guestflow.processor.wire;

import io.guestflow.contracts.facts.Source;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The building blocks of what is stored: whole numbers of as many bytes as they need, times in milliseconds, texts behind
 * their lengths.
 *
 * <p>Threading: a writer or reader is for one thread.
 */
public final class StoredForm {
    private StoredForm() {}

    /** Writes; grows as needed. */
    public static final class Out {
        private static final int USUAL = 512;
        private static final int LONGEST_NUMBER = 10;

        private byte[] bytes = new byte[USUAL];
        private int size;

        /** A number from 0 to 255. */
        public void octet(int value) {
            room(1);
            bytes[size++] = (byte) value;
        }

        /** Small numbers take little room; negative ones ten bytes. */
        public void number(long value) {
            room(LONGEST_NUMBER);
            long left = value;
            while ((left & ~0x7FL) != 0) {
                bytes[size++] = (byte) ((left & 0x7F) | 0x80);
                left >>>= 7;
            }
            bytes[size++] = (byte) left;
        }

        /** A time, cut to milliseconds. */
        public void time(Instant time) {
            number(time.toEpochMilli());
        }

        /** 0 stands for none: no event of a session is of 1970. */
        public void optionalTime(@Nullable Instant time) {
            number(time == null ? 0 : time.toEpochMilli());
        }

        /** Bytes behind their number. */
        public void raw(byte[] value) {
            number(value.length);
            room(value.length);
            System.arraycopy(value, 0, bytes, size, value.length);
            size += value.length;
        }

        /** A text. */
        public void text(String text) {
            raw(text.getBytes(StandardCharsets.UTF_8));
        }

        /** An empty text stands for none. */
        public void optionalText(@Nullable String text) {
            text(text == null ? "" : text);
        }

        /** Where a record lies. */
        public void source(Source source) {
            text(source.topic());
            number(source.partition());
            number(source.offset());
        }

        /** What was written. */
        public byte[] bytes() {
            return Arrays.copyOf(bytes, size);
        }

        private void room(int more) {
            if (size + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
            }
        }
    }

    /** Reads what {@link Out} wrote. */
    public static final class In {
        private final ByteBuffer bytes;

        /** Reads from the beginning. */
        public In(byte[] value) {
            this.bytes = ByteBuffer.wrap(value);
        }

        /** A number from 0 to 255. */
        public int octet() {
            return bytes.get() & 0xFF;
        }

        /** A number. */
        public long number() {
            long value = 0;
            int shift = 0;
            byte part;
            do {
                part = bytes.get();
                value |= (long) (part & 0x7F) << shift;
                shift += 7;
            } while (part < 0);
            return value;
        }

        /** A number that is an int. */
        public int count() {
            return Math.toIntExact(number());
        }

        /** A time. */
        public Instant time() {
            return Instant.ofEpochMilli(number());
        }

        /** A time, or null for none. */
        public @Nullable Instant optionalTime() {
            long ms = number();
            return ms == 0 ? null : Instant.ofEpochMilli(ms);
        }

        /** Bytes behind their number. */
        public byte[] raw() {
            byte[] value = new byte[count()];
            bytes.get(value);
            return value;
        }

        /** A text. */
        public String text() {
            int length = count();
            String text =
                    new String(bytes.array(), bytes.arrayOffset() + bytes.position(), length, StandardCharsets.UTF_8);
            bytes.position(bytes.position() + length);
            return text;
        }

        /** A text, or null for an empty one. */
        public @Nullable String optionalText() {
            String text = text();
            return text.isEmpty() ? null : text;
        }

        /** Where a record lies. */
        public Source source() {
            return new Source(text(), count(), number());
        }
    }
}
