/// Pictures of hosts over time.
///
/// *What this room is:* one kind of chart: how many hosts, on a logarithmic scale, over minutes.
/// *Owns:* its layout, and two canvases that draw it, as SVG text or as PNG. *Never:* counts
/// anything; needs a display, or `java.desktop` for SVG. *Hands off to:* whoever writes the file.
/// *Threads:* none. *Limits:* six lines; points are thinned to what the eye can tell apart. *Start
/// reading at:* [redoubt.fleet.picture.HostsPicture].
package redoubt.fleet.picture;
