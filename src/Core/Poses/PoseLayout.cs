using System.Text.Json;
using System.Text.Json.Nodes;

namespace GanPipeline;

/// <summary>What a wanted pose is told by.</summary>
public enum PoseKind
{
    /// <summary>Two angles, from where an object is seen.</summary>
    View,

    /// <summary>Named points in the picture.</summary>
    Keypoints,
}

/// <summary>
/// How a network that makes an image of an image and a pose is told the pose: as planes of the images' size, which it takes behind the
/// image's channels. Planes are bytes like the images, and as theirs 0 is -1 and 255 is 1 to the network.
/// </summary>
/// <remarks>
/// A view has four planes, each the same everywhere: sine and cosine of the yaw, sine and cosine of the pitch. A keypoint has a plane of
/// its own, which is 0 but for a spot where the point is: 255 exp(-d^2 / (2 r^2)) at a distance d in pixels, with the radius r; one that
/// is not there has zeros. All are the same bytes on every machine.
/// </remarks>
public sealed record PoseLayout
{
    private const int ViewPlanes = 4;

    // In radii: beyond it, 255 exp(-d^2 / (2 r^2)) is below 0.5, which is 0 as a byte.
    private const double Reach = 3.54;

    private PoseLayout(PoseKind kind, IReadOnlyList<string> keypoints, double radius) =>
        (Kind, Keypoints, Radius) = (kind, keypoints, radius);

    /// <summary>What the pose is told by.</summary>
    public PoseKind Kind { get; }

    /// <summary>The keypoints' names, in the order of their planes; empty for a view.</summary>
    public IReadOnlyList<string> Keypoints { get; }

    /// <summary>The radius of a keypoint's spot in pixels; 0 for a view.</summary>
    public double Radius { get; }

    /// <summary>The number of planes.</summary>
    public int Channels => Kind == PoseKind.View ? ViewPlanes : Keypoints.Count;

    /// <summary>The pose is a view.</summary>
    public static PoseLayout View { get; } = new(PoseKind.View, [], 0);

    /// <summary>The pose is the places of keypoints.</summary>
    /// <param name="names">Their names, each once; 1 to 64.</param>
    /// <param name="radius">The radius of a spot in pixels, 0.5 to 32.</param>
    /// <exception cref="ArgumentException">There is no name, a name twice, or another radius.</exception>
    public static PoseLayout OfKeypoints(IReadOnlyList<string> names, double radius)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count is < 1 or > 64)
            throw new ArgumentException($"A pose has from 1 to 64 keypoints; got {names.Count}.", nameof(names));
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"The keypoint '{twice.Key}' is named twice.", nameof(names));
        if (radius is not (>= 0.5 and <= 32))
            throw new ArgumentException($"The radius of a keypoint is from 0.5 to 32 pixels; got {radius}.", nameof(radius));
        return new(PoseKind.Keypoints, [.. names], radius);
    }

    /// <summary>Writes a view's planes.</summary>
    /// <param name="view">The angles.</param>
    /// <param name="planes">Receives [<see cref="Channels"/>, H, W].</param>
    /// <exception cref="ArgumentException">An angle is out of its range, or the planes are not of equal sizes.</exception>
    /// <exception cref="InvalidOperationException">The pose is told by keypoints.</exception>
    public void Write(ViewPose view, Span<byte> planes)
    {
        if (Kind != PoseKind.View) throw new InvalidOperationException("This pose is told by keypoints, not by angles.");
        if (view.Problem is { } problem) throw new ArgumentException(problem, nameof(view));
        if (planes.Length % ViewPlanes != 0)
            throw new ArgumentException($"{planes.Length} bytes are not {ViewPlanes} planes.", nameof(planes));
        var area = planes.Length / ViewPlanes;
        var ((yawSin, yawCos), (pitchSin, pitchCos)) = (ExactMath.SinCosDegrees(view.Yaw), ExactMath.SinCosDegrees(view.Pitch));
        planes[..area].Fill(ToByte(yawSin));
        planes[area..(2 * area)].Fill(ToByte(yawCos));
        planes[(2 * area)..(3 * area)].Fill(ToByte(pitchSin));
        planes[(3 * area)..].Fill(ToByte(pitchCos));

        static byte ToByte(double value) => (byte)(127.5 * (1 + value) + 0.5);
    }

    /// <summary>Writes keypoints' planes.</summary>
    /// <param name="points">
    /// A place for each keypoint, x rightwards and y downwards in pixels, (0.5, 0.5) in the middle of the first one; null where it is
    /// not there.
    /// </param>
    /// <param name="width">W.</param>
    /// <param name="planes">Receives [<see cref="Channels"/>, H, W].</param>
    /// <exception cref="ArgumentException">Another number of points, or planes that are not of equal sizes.</exception>
    /// <exception cref="InvalidOperationException">The pose is told by angles.</exception>
    public void Write(ReadOnlySpan<(double X, double Y)?> points, int width, Span<byte> planes)
    {
        if (Kind != PoseKind.Keypoints) throw new InvalidOperationException("This pose is told by angles, not by keypoints.");
        if (points.Length != Keypoints.Count)
            throw new ArgumentException($"There are {Keypoints.Count} keypoints; got {points.Length}.", nameof(points));
        if (width < 1 || planes.Length % (Keypoints.Count * width) != 0)
            throw new ArgumentException($"{planes.Length} bytes are not {Keypoints.Count} planes of rows of {width}.", nameof(planes));
        var area = planes.Length / Keypoints.Count;
        planes.Clear();
        for (var i = 0; i < points.Length; i++)
        {
            if (points[i] is not var (x, y)) continue;
            var plane = planes.Slice(i * area, area);
            var reach = Reach * Radius;
            for (var row = Begin(y - reach); row < End(y + reach, area / width); row++)
            {
                for (var column = Begin(x - reach); column < End(x + reach, width); column++)
                {
                    var (dx, dy) = (column + 0.5 - x, row + 0.5 - y);
                    plane[row * width + column] =
                        (byte)(255 * ExactMath.ExpOfNegative((dx * dx + dy * dy) / (2 * Radius * Radius)) + 0.5);
                }
            }
        }
    }

    private static int Begin(double first) => (int)Math.Max(0, first);

    private static int End(double last, int length) => (int)Math.Clamp(last + 1, 0, length);

    /// <summary>
    /// As it stands in a model's metadata: <c>{"kind":"view"}</c>, or
    /// <c>{"kind":"keypoints","names":["nose","neck"],"radius":2}</c>.
    /// </summary>
    public string ToJson()
    {
        var json = new JsonObject { ["kind"] = Kind == PoseKind.View ? "view" : "keypoints" };
        if (Kind == PoseKind.Keypoints)
        {
            json["names"] = new JsonArray([.. Keypoints.Select(name => (JsonNode)JsonValue.Create(name))]);
            json["radius"] = Radius;
        }
        return json.ToJsonString();
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is something else; the message says what is wrong.</exception>
    public static PoseLayout FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.GetProperty("kind").GetString() switch
            {
                "view" => View,
                "keypoints" => OfKeypoints([.. root.GetProperty("names").EnumerateArray().Select(name => name.GetString()!)],
                    root.GetProperty("radius").GetDouble()),
                var other => throw new FormatException($"Unknown kind '{other}'."),
            };
        }
        // A wrong kind of element is an InvalidOperationException, a missing key a KeyNotFoundException.
        catch (Exception e) when (
            e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException or FormatException)
        {
            throw new FormatException($"The description of the pose cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public bool Equals(PoseLayout? other) =>
        other is not null && (Kind, Radius) == (other.Kind, other.Radius) && Keypoints.SequenceEqual(other.Keypoints);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Radius, Keypoints.Count);
}
