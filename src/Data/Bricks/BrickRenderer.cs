using System.Buffers;

namespace GanPipeline.Data.Bricks;

/// <summary>
/// Draws a brick by casting rays: one through each corner of each pixel, and a grid of more through the pixels whose corners differ,
/// which are those that edges cross. Every operation is a basic one of IEEE arithmetic, so that a picture is the same bytes on every machine.
/// </summary>
public static class BrickRenderer
{
    // Rays along each side of a pixel that an edge crosses.
    private const int Grid = 4;

    // Difference between corners, in stored values from 0 to 1, that is not yet an edge: about three levels of 255.
    private const float Even = 0.012f;

    /// <summary>Draws one picture.</summary>
    /// <param name="attributes">What to draw.</param>
    /// <param name="shape">Square, 1 channel (gray) or 3 (red, green, blue).</param>
    /// <param name="shadow">Whether the brick throws a shadow on the ground.</param>
    /// <param name="pixels">Receives the values, channel by channel and row by row.</param>
    public static void Render(BrickAttributes attributes, ImageShape shape, bool shadow, Span<byte> pixels)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        if (shape.Height != shape.Width || shape.Channels is not (1 or 3))
            throw new ArgumentException($"Bricks are drawn square, in 1 or 3 channels, not {shape}.", nameof(shape));
        if (pixels.Length != shape.Size) throw new ArgumentException($"{shape} needs {shape.Size} bytes, not {pixels.Length}.", nameof(pixels));

        var side = shape.Width;
        var scene = new Scene(attributes, side, shape.Channels, shadow);
        var corners = ArrayPool<Sample>.Shared.Rent((side + 1) * (side + 1));
        for (var y = 0; y <= side; y++)
            for (var x = 0; x <= side; x++)
                corners[y * (side + 1) + x] = scene.Cast(2f * x / side - 1, 2f * y / side - 1);

        var plane = side * side;
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                var upper = corners.AsSpan(y * (side + 1) + x, 2);
                var lower = corners.AsSpan((y + 1) * (side + 1) + x, 2);
                var color = AreEven(upper, lower)
                    ? (upper[0] + upper[1] + lower[0] + lower[1]) * 0.25f
                    : scene.CastGrid(x, y, side);
                var at = y * side + x;
                pixels[at] = Encode(color.Red);
                if (shape.Channels == 1) continue;
                pixels[plane + at] = Encode(color.Green);
                pixels[2 * plane + at] = Encode(color.Blue);
            }
        }
        ArrayPool<Sample>.Shared.Return(corners);
    }

    private static bool AreEven(Span<Sample> upper, Span<Sample> lower)
    {
        var surface = upper[0].Surface;
        if (upper[1].Surface != surface || lower[0].Surface != surface || lower[1].Surface != surface) return false;
        var (least, most) = (float.MaxValue, float.MinValue);
        foreach (var brightness in (ReadOnlySpan<float>)[upper[0].Brightness, upper[1].Brightness, lower[0].Brightness, lower[1].Brightness])
            (least, most) = (MathF.Min(least, brightness), MathF.Max(most, brightness));
        return MathF.Sqrt(most) - MathF.Sqrt(least) < Even;
    }

    /// <summary>Light to a stored value: a square root, which is near enough to the curve of sRGB, and exact everywhere.</summary>
    private static byte Encode(float light) => (byte)(255 * MathF.Sqrt(Math.Clamp(light, 0, 1)) + 0.5f);

    private readonly record struct Sample(Surface Surface, float Red, float Green, float Blue)
    {
        public float Brightness => (Red + Green + Blue) * (1f / 3);

        public static Sample operator +(Sample a, Sample b) => new(a.Surface, a.Red + b.Red, a.Green + b.Green, a.Blue + b.Blue);
        public static Sample operator *(Sample a, float s) => new(a.Surface, a.Red * s, a.Green * s, a.Blue * s);
    }

    private readonly struct Scene
    {
        private readonly BrickGeometry _brick;
        private readonly BrickCamera _camera;
        private readonly BrickShading _shading;
        private readonly Vec _color;

        public Scene(BrickAttributes attributes, int side, int channels, bool shadow)
        {
            _brick = new BrickGeometry(attributes.Type);
            _camera = new BrickCamera(_brick, attributes);
            _shading = new BrickShading(_brick, attributes, _camera.MillimetresPerFrame / side, shadow);
            var (red, green, blue) = (attributes.Color.Red, attributes.Color.Green, attributes.Color.Blue);
            var gray = 0.2126f * red + 0.7152f * green + 0.0722f * blue; // Rec. 709 luminance
            _color = channels == 1 ? new Vec(gray, gray, gray) : new Vec(red, green, blue);
        }

        public Sample Cast(float x, float y)
        {
            var direction = _camera.Ray(x, y);
            var hit = _brick.Trace(_camera.Position, direction);
            if (hit.Surface == Surface.Ground)
            {
                var ground = _shading.Ground(_camera.Position, direction);
                return new Sample(Surface.Ground, ground, ground, ground);
            }
            var (diffuse, gloss) = _shading.Plastic(hit, _camera.Position + direction * hit.Distance, direction);
            var light = _color * diffuse + new Vec(gloss, gloss, gloss);
            return new Sample(hit.Surface, MathF.Min(light.X, 1), MathF.Min(light.Y, 1), MathF.Min(light.Z, 1));
        }

        public Sample CastGrid(int x, int y, int side)
        {
            Sample sum = default;
            for (var j = 0; j < Grid; j++)
                for (var i = 0; i < Grid; i++)
                    sum += Cast(2 * (x + (i + 0.5f) / Grid) / side - 1, 2 * (y + (j + 0.5f) / Grid) / side - 1);
            return sum * (1f / (Grid * Grid));
        }
    }
}
