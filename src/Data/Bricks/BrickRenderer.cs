using System.Buffers;

namespace GanPipeline.Data;

/// <summary>
/// Draws a brick by casting rays: one through each corner of each pixel, and eight more through the pixels whose corners differ,
/// which are those that edges cross. Every operation is a basic one of IEEE arithmetic, so that a picture is the same bytes on every
/// machine.
/// </summary>
internal static class BrickRenderer
{
    // Where the rays go through a pixel that an edge crosses, in sixteenths from its upper left: no two in one row or column, so that
    // edges of every direction get all eight steps between dark and light.
    private static readonly (int X, int Y)[] _pattern = [(9, 5), (7, 11), (13, 9), (5, 3), (3, 13), (1, 7), (11, 15), (15, 1)];

    // Differences between corners, in stored values from 0 to 1, that the mean of the corners still shows well: across an edge, and within
    // one surface, where light changes smoothly.
    private const float EvenAcross = 0.02f, EvenWithin = 0.08f;

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
        if (pixels.Length != shape.Size)
            throw new ArgumentException($"{shape} needs {shape.Size} bytes, not {pixels.Length}.", nameof(pixels));

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
                var corner = y * (side + 1) + x;
                var (a, b, c, d) = (corners[corner], corners[corner + 1], corners[corner + side + 1], corners[corner + side + 2]);
                var color = AreEven(a, b, c, d) ? (a + b + c + d) * 0.25f : scene.CastPattern(x, y, side);
                var at = y * side + x;
                pixels[at] = Encode(color.Red);
                if (shape.Channels == 1) continue;
                pixels[plane + at] = Encode(color.Green);
                pixels[2 * plane + at] = Encode(color.Blue);
            }
        }
        ArrayPool<Sample>.Shared.Return(corners);
    }

    private static bool AreEven(Sample a, Sample b, Sample c, Sample d)
    {
        var most = MathF.Max(MathF.Max(a.Brightness, b.Brightness), MathF.Max(c.Brightness, d.Brightness));
        var least = MathF.Min(MathF.Min(a.Brightness, b.Brightness), MathF.Min(c.Brightness, d.Brightness));
        var within = a.Surface == b.Surface && a.Surface == c.Surface && a.Surface == d.Surface;
        return MathF.Sqrt(most) - MathF.Sqrt(least) < (within ? EvenWithin : EvenAcross);
    }

    /// <summary>Light to a stored value: a square root, which is near enough to the curve of sRGB, and exact everywhere.</summary>
    public static byte Encode(float light) => (byte)(255 * MathF.Sqrt(Math.Clamp(light, 0, 1)) + 0.5f);

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
            _shading = new BrickShading(_brick, attributes, _camera, _camera.MillimetresPerFrame / side, shadow);
            var color = attributes.Color;
            _color = channels == 1 ? new Vec(color.Luminance, color.Luminance, color.Luminance)
                : new Vec(color.Red, color.Green, color.Blue);
        }

        public Sample Cast(float x, float y)
        {
            Hit hit = default;
            var ray = _camera.Ray(x, y);
            if (_camera.MayShowBrick(x, y)) hit = _brick.Trace(ray);
            if (hit.Surface == Surface.Ground)
            {
                var ground = _shading.Ground(ray.Origin, ray.Direction);
                return new Sample(Surface.Ground, ground, ground, ground);
            }
            var (diffuse, gloss) = _shading.Plastic(hit, ray.At(hit.Distance));
            var light = _color * diffuse + new Vec(gloss, gloss, gloss);
            return new Sample(hit.Surface, MathF.Min(light.X, 1), MathF.Min(light.Y, 1), MathF.Min(light.Z, 1));
        }

        public Sample CastPattern(int x, int y, int side)
        {
            Sample sum = default;
            var sixteenth = 2f / (16 * side);
            foreach (var (right, down) in _pattern) sum += Cast((16 * x + right) * sixteenth - 1, (16 * y + down) * sixteenth - 1);
            return sum * (1f / _pattern.Length);
        }
    }
}
