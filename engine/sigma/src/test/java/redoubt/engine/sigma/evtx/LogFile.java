package redoubt.engine.sigma.evtx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An event log for tests, written as the format says: one template for the frame of an event, one
/// for its data, both defined where they are used first.
final class LogFile {
  private static final int CHUNK_HEADER = 512;
  private static final int RECORD_MARGIN = 600;

  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final Map<String, Integer> names = new HashMap<>();
  private final Map<String, Integer> templates = new HashMap<>();
  private ByteBuffer chunk = ByteBuffer.allocate(0);
  private long records;
  private boolean direct;

  LogFile() {
    byte[] header = new byte[4_096];
    System.arraycopy("ElfFile\0".getBytes(StandardCharsets.US_ASCII), 0, header, 0, 8);
    file.writeBytes(header);
    begin();
  }

  /// A value of a record, as type and bytes.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Value(int type, byte[] bytes) {
    static Value text(String text) {
      return new Value(ValueType.STRING, text.getBytes(StandardCharsets.UTF_16LE));
    }

    static Value u16(int number) {
      return new Value(ValueType.UINT16, number(2, number));
    }

    static Value of(int type, int length, long number) {
      return new Value(type, number(length, number));
    }

    private static byte[] number(int length, long number) {
      return java.util.Arrays.copyOf(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array(), length);
    }
  }

  /// Adds a record with fields under `EventData`.
  LogFile add(String channel, int eventId, Map<String, Value> data) {
    if (chunk.remaining() < RECORD_MARGIN + 4_096) {
      flush();
      begin();
    }
    int start = beginRecord();
    instance("frame", this::frame);
    List<Value> values = new ArrayList<>(List.of(Value.text(channel), Value.u16(eventId)));
    // The last value is XML: how long it is, is known when it is written.
    chunk.putInt(values.size() + 1);
    values.forEach(this::descriptor);
    int xmlLengthAt = chunk.position();
    chunk.putShort((short) 0).put((byte) ValueType.BINARY_XML).put((byte) 0);
    values.forEach(value -> chunk.put(value.bytes()));
    int xml = chunk.position();
    fragmentHeader();
    List<String> keys = List.copyOf(data.keySet());
    instance("data " + keys, () -> eventData(keys));
    chunk.putInt(data.size());
    data.values().forEach(this::descriptor);
    data.values().forEach(value -> chunk.put(value.bytes()));
    chunk.putShort(xmlLengthAt, (short) (chunk.position() - xml));
    endRecord(start);
    return this;
  }

  /// Adds a record that no template was made of, as in logs of forwarded events.
  LogFile addDirect(String channel, int eventId, String value) {
    int start = beginRecord();
    direct = true;
    open("Event", false);
    close();
    open("System", false);
    close();
    open("EventID", false);
    close();
    chunk.put((byte) 0x05).put((byte) ValueType.UINT16).putShort((short) eventId);
    end();
    open("Channel", false);
    close();
    constant(channel);
    end();
    end();
    open("EventData", false);
    close();
    open("Data", true);
    attribute("Name");
    constant("Value");
    close();
    constant(value);
    end();
    end();
    end();
    direct = false;
    endRecord(start);
    return this;
  }

  /// Adds a record whose template holds its first value many times, which is the same again.
  LogFile addBomb(int width, int depth) {
    int start = beginRecord();
    for (int i = 0; i <= depth; i++) {
      instance(
          "bomb",
          () -> {
            open("EventData", false);
            close();
            for (int n = 0; n < width; n++) {
              open("Data", false);
              close();
              substitution(0);
              end();
            }
            end();
          });
      int rest = 14 * (depth - i) + (depth - i) * 4;
      chunk.putInt(1).putShort((short) rest).put((byte) ValueType.BINARY_XML).put((byte) 0);
    }
    endRecord(start);
    return this;
  }

  private int beginRecord() {
    int start = chunk.position();
    chunk.putInt(0x2A2A).putInt(0).putLong(++records).putLong(0);
    fragmentHeader();
    return start;
  }

  private void endRecord(int start) {
    chunk.put((byte) 0);
    int length = chunk.position() + 4 - start;
    chunk.putInt(length).putInt(start + 4, length);
  }

  byte[] bytes() {
    flush();
    begin();
    return file.toByteArray();
  }

  private void begin() {
    chunk = ByteBuffer.allocate(Chunk.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    chunk.put("ElfChnk\0".getBytes(StandardCharsets.US_ASCII)).position(CHUNK_HEADER);
    names.clear();
    templates.clear();
  }

  private void flush() {
    chunk.putInt(0x30, chunk.position());
    file.writeBytes(chunk.array());
  }

  private void fragmentHeader() {
    chunk.put((byte) 0x0F).put((byte) 1).put((byte) 1).put((byte) 0);
  }

  private void descriptor(Value value) {
    chunk.putShort((short) value.bytes().length).put((byte) value.type()).put((byte) 0);
  }

  private void instance(String key, Runnable definition) {
    chunk.put((byte) 0x0C).put((byte) 1).putInt(key.hashCode());
    Integer known = templates.get(key);
    if (known != null) {
      chunk.putInt(known);
      return;
    }
    int at = chunk.position() + 4;
    templates.put(key, at);
    chunk.putInt(at).putInt(0).put(new byte[16]).putInt(0);
    int begin = chunk.position();
    fragmentHeader();
    definition.run();
    chunk.put((byte) 0);
    chunk.putInt(begin - 4, chunk.position() - begin);
  }

  private void frame() {
    open("Event", false);
    close();
    open("System", false);
    close();
    open("Provider", true);
    attribute("Name");
    constant("Test-Provider");
    chunk.put((byte) 0x03);
    open("EventID", false);
    close();
    substitution(1);
    end();
    open("Channel", false);
    close();
    substitution(0);
    end();
    end();
    substitution(2);
    end();
  }

  private void eventData(List<String> keys) {
    open("EventData", false);
    close();
    for (int i = 0; i < keys.size(); i++) {
      open("Data", true);
      attribute("Name");
      constant(keys.get(i));
      close();
      substitution(i);
      end();
    }
    end();
  }

  private void open(String name, boolean attributes) {
    chunk.put((byte) (attributes ? 0x41 : 0x01));
    if (!direct) {
      chunk.putShort((short) -1);
    }
    chunk.putInt(0);
    name(name);
    if (attributes) {
      chunk.putInt(0);
    }
  }

  private void attribute(String name) {
    chunk.put((byte) 0x06);
    name(name);
  }

  private void name(String name) {
    Integer known = names.get(name);
    if (known != null) {
      chunk.putInt(known);
      return;
    }
    int at = chunk.position() + 4;
    names.put(name, at);
    chunk.putInt(at).putInt(0).putShort((short) 0).putShort((short) name.length());
    chunk.put(name.getBytes(StandardCharsets.UTF_16LE)).putShort((short) 0);
  }

  private void constant(String text) {
    chunk.put((byte) 0x05).put((byte) ValueType.STRING).putShort((short) text.length());
    chunk.put(text.getBytes(StandardCharsets.UTF_16LE));
  }

  private void substitution(int index) {
    chunk.put((byte) 0x0E).putShort((short) index).put((byte) 0);
  }

  private void close() {
    chunk.put((byte) 0x02);
  }

  private void end() {
    chunk.put((byte) 0x04);
  }
}
