package io.guestflow.processor.session;

import io.guestflow.contracts.facts.Source;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The building blocks of what is stored: whole numbers of as many bytes as they need, times in milliseconds, texts behind
 * their lengths.
 */
final class StoredForm {
    private StoredForm() {}

    /** Writes; grows as needed. */
    static final class Out {
        private static final int USUAL = 512;
        private static final int LONGEST_NUMBER = 10;

        private byte[] bytes = new byte[USUAL];
        private int size;

        void octet(int value) {
            room(1);
            bytes[size++] = (byte) value;
        }

        /** Small numbers take little room; negative ones ten bytes. */
        void number(long value) {
            room(LONGEST_NUMBER);
            long left = value;
            while ((left & ~0x7FL) != 0) {
                bytes[size++] = (byte) ((left & 0x7F) | 0x80);
                left >>>= 7;
            }
            bytes[size++] = (byte) left;
        }

        void time(Instant time) {
            number(time.toEpochMilli());
        }

        /** 0 stands for none: no event of a session is of 1970. */
        void optionalTime(@Nullable Instant time) {
            number(time == null ? 0 : time.toEpochMilli());
        }

        void raw(byte[] value) {
            number(value.length);
            room(value.length);
            System.arraycopy(value, 0, bytes, size, value.length);
            size += value.length;
        }

        void text(String text) {
            raw(text.getBytes(StandardCharsets.UTF_8));
        }

        /** An empty text stands for none. */
        void optionalText(@Nullable String text) {
            text(text == null ? "" : text);
        }

        void source(Source source) {
            text(source.topic());
            number(source.partition());
            number(source.offset());
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, size);
        }

        private void room(int more) {
            if (size + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
            }
        }
    }

    /** Reads what {@link Out} wrote. */
    static final class In {
        private final ByteBuffer bytes;

        In(byte[] value) {
            this.bytes = ByteBuffer.wrap(value);
        }

        int octet() {
            return bytes.get() & 0xFF;
        }

        long number() {
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

        int count() {
            return Math.toIntExact(number());
        }

        Instant time() {
            return Instant.ofEpochMilli(number());
        }

        @Nullable
        Instant optionalTime() {
            long ms = number();
            return ms == 0 ? null : Instant.ofEpochMilli(ms);
        }

        byte[] raw() {
            byte[] value = new byte[count()];
            bytes.get(value);
            return value;
        }

        String text() {
            int length = count();
            String text =
                    new String(bytes.array(), bytes.arrayOffset() + bytes.position(), length, StandardCharsets.UTF_8);
            bytes.position(bytes.position() + length);
            return text;
        }

        @Nullable
        String optionalText() {
            String text = text();
            return text.isEmpty() ? null : text;
        }

        Source source() {
            return new Source(text(), count(), number());
        }
    }
}
