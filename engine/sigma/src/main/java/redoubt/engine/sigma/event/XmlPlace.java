package redoubt.engine.sigma.event;

/// Where in the XML of a Windows event something stands, which decides about the names of fields.
public enum XmlPlace {
  /// Outside of `Event`.
  DOCUMENT,
  /// In `Event`.
  EVENT,
  /// In `System`: elements are fields, their attributes too.
  SYSTEM,
  /// In `EventData`: `Data` is the field that its attribute `Name` says.
  EVENT_DATA,
  /// In `UserData` or an element that is no field itself: elements are fields.
  ELEMENTS;

  /// The place within an element that stands here.
  public XmlPlace inner(String element) {
    return switch (this) {
      case DOCUMENT -> EVENT;
      case EVENT ->
          switch (element) {
            case "System" -> SYSTEM;
            case "EventData" -> EVENT_DATA;
            default -> ELEMENTS;
          };
      case SYSTEM -> SYSTEM;
      case EVENT_DATA, ELEMENTS -> ELEMENTS;
    };
  }

  /// Whether the attribute `Name` of an element that stands here is the name of a field.
  public boolean hasNames() {
    return this == EVENT_DATA || this == ELEMENTS;
  }
}
