package redoubt.agent.blocklist;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;

/// What the owner's lists block, and the owner's exceptions. Immutable.
///
/// A list has one address or network a line, then the time (RFC 3339) until which it is meant, if
/// that has an end; `#` begins a comment. A list is taken as a whole or not at all.
///
/// @param blocked what is blocked, no address twice
/// @param never what is not blocked whatever a list says
public record AddressList(List<AddressRange> blocked, List<AddressRange> never) {
  /// The longest list in bytes.
  public static final int MAX_BYTES = 8 << 20;

  /// The most lines with an address, over all lists.
  public static final int MOST = 100_000;

  private static final int WIDEST_IPV4 = 8;
  private static final int WIDEST_IPV6 = 16;

  /// What a host needs to be one: itself, everybody on its link, and groups.
  private static final List<AddressRange> OWN =
      List.of(
          AddressRange.parse("0.0.0.0"),
          AddressRange.parse("127.0.0.0/8"),
          AddressRange.parse("224.0.0.0/4"),
          AddressRange.parse("255.255.255.255"),
          AddressRange.parse("::"),
          AddressRange.parse("::1"),
          AddressRange.parse("fe80::/10"),
          AddressRange.parse("ff00::/8"));

  /// Copies both lists.
  public AddressList {
    blocked = List.copyOf(blocked);
    never = List.copyOf(never);
  }

  /// One that blocks nothing.
  public static AddressList empty() {
    return new AddressList(List.of(), List.of());
  }

  /// Reads lists.
  ///
  /// @param never the owner's exceptions
  /// @param needed whom this host cannot do without: its routers and name servers; they may not be
  ///   on a list unless they are exceptions
  /// @throws PolicyException naming the line, if one is wrong or a list is not to be believed
  public static AddressList read(
      List<Path> lists, List<AddressRange> never, List<InetAddress> needed) throws PolicyException {
    Reader reader = new Reader(never, needed);
    for (Path list : lists) {
      Optional<byte[]> content = new PrivateFile(list, MAX_BYTES).read();
      reader.read(
          list,
          content.orElseThrow(() ->
              new PolicyException("no such file: file=" + list, "name the list that is there")));
    }
    return reader.list();
  }

  static AddressList parse(
      Path name, byte[] content, List<AddressRange> never, List<InetAddress> needed)
      throws PolicyException {
    Reader reader = new Reader(never, needed);
    reader.read(name, content);
    return reader.list();
  }

  /// Whether nothing is blocked.
  public boolean isEmpty() {
    return blocked.isEmpty();
  }

  private static final class Reader {
    private final List<AddressRange> ipv4 = new ArrayList<>();
    private final List<AddressRange> ipv6 = new ArrayList<>();
    private final List<AddressRange> never;
    private final List<AddressRange> needed;

    Reader(List<AddressRange> never, List<InetAddress> needed) {
      this.never = never;
      this.needed =
          needed.stream()
              .map(AddressRange::of)
              .filter(one -> never.stream().noneMatch(spared -> spared.contains(one)))
              .toList();
    }

    void read(Path list, byte[] content) throws PolicyException {
      int number = 0;
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  new ByteArrayInputStream(content), StandardCharsets.ISO_8859_1))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          number++;
          take(line);
        }
      } catch (IllegalArgumentException e) {
        throw new PolicyException(
            e.getMessage() + ": file=" + list + " line=" + number,
            "mend or remove the line; nothing of the list is in force",
            e);
      } catch (IOException e) {
        throw new IllegalStateException("bug: memory cannot be read", e);
      }
    }

    private void take(String line) {
      int comment = line.indexOf('#');
      String text = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (text.isEmpty()) {
        return;
      }
      String[] words = text.split("\\s+", -1);
      if (words.length > 2) {
        throw new IllegalArgumentException("more than an address and a time");
      }
      AddressRange range =
          AddressRange.parse(words[0], words.length == 1 ? AddressRange.ALWAYS : time(words[1]));
      requireHarmless(range);
      (range.ipv6() ? ipv6 : ipv4).add(range);
      if (ipv4.size() + ipv6.size() > MOST) {
        throw new IllegalArgumentException("too many addresses: most=" + MOST);
      }
    }

    private static long time(String text) {
      try {
        return OffsetDateTime.parse(text).toEpochSecond();
      } catch (DateTimeException e) {
        throw new IllegalArgumentException("not a time such as 2026-12-31T00:00:00Z", e);
      }
    }

    private void requireHarmless(AddressRange range) {
      int widest = range.ipv6() ? WIDEST_IPV6 : WIDEST_IPV4;
      if (range.isWiderThan(widest)) {
        throw new IllegalArgumentException("too wide a network: widest=/" + widest);
      }
      if (OWN.stream().anyMatch(range::overlaps)) {
        throw new IllegalArgumentException(
            "the host itself, its link or a group: these are never blocked");
      }
      for (AddressRange one : needed) {
        if (range.contains(one)) {
          throw new IllegalArgumentException(
              "a router or name server of this host is in it (or say --never-block "
                  + one
                  + "): address="
                  + one);
        }
      }
    }

    AddressList list() {
      List<AddressRange> all = new ArrayList<>(AddressRange.apart(ipv4));
      all.addAll(AddressRange.apart(ipv6));
      return new AddressList(all, never);
    }
  }
}
