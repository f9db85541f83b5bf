namespace GanPipeline.Studio;

/// <summary>The two-dimensional distributions that a lab's generator can learn.</summary>
internal enum LabShape
{
    /// <summary>A straight stroke.</summary>
    Line,

    /// <summary>A circle.</summary>
    Ring,

    /// <summary>Eight round clusters on a circle.</summary>
    Gaussians,

    /// <summary>Two strokes apart from each other.</summary>
    Disjoint,

    /// <summary>A spiral of one and a half turns.</summary>
    Spiral,

    /// <summary>Points that the user drew.</summary>
    Drawn,
}

/// <summary>
/// A distribution of points in the square [-1, 1] x [-1, 1]. Each point is a function of a seed and an index, as latents are.
/// </summary>
internal sealed class LabData
{
    /// <summary>The most points that can be drawn.</summary>
    public const int MostDrawn = 1000;

    private const int PerPoint = 4;
    private const int Clusters = 8;
    private const float Radius = 0.65f, Thickness = 0.05f, ClusterDeviation = 0.07f, DrawnDeviation = 0.05f;

    private readonly LabShape _shape;
    private readonly IReadOnlyList<float> _drawn;

    /// <param name="shape">Which distribution.</param>
    /// <param name="drawn">The points of <see cref="LabShape.Drawn"/>, x and y by turns.</param>
    public LabData(LabShape shape, IReadOnlyList<float> drawn) => (_shape, _drawn) = (shape, drawn);

    /// <summary>Independent points.</summary>
    /// <returns>x and y by turns, [count, 2]. Gaussian noise may put a few a little outside the square.</returns>
    public float[] Sample(long seed, int count)
    {
        var uniform = UniformNoise.Of(seed, PerPoint * count);
        var points = new float[2 * count];
        for (var i = 0; i < count; i++)
        {
            var (which, along) = (uniform[PerPoint * i], uniform[PerPoint * i + 1]);
            // Box-Muller; 1 - u is above 0.
            var length = MathF.Sqrt(-2 * MathF.Log(1 - uniform[PerPoint * i + 2]));
            var (sine, cosine) = MathF.SinCos(2 * MathF.PI * uniform[PerPoint * i + 3]);
            var (x, y, deviation) = Center(which, along);
            points[2 * i] = x + deviation * length * cosine;
            points[2 * i + 1] = y + deviation * length * sine;
        }
        return points;
    }

    private (float X, float Y, float Deviation) Center(float which, float along)
    {
        switch (_shape)
        {
            case LabShape.Line:
                return (1.4f * along - 0.7f, 1.0f * along - 0.5f, Thickness);
            case LabShape.Ring:
                return Around(along, Radius, Thickness);
            case LabShape.Gaussians:
                return Around(MathF.Floor(which * Clusters) / Clusters, Radius, ClusterDeviation);
            case LabShape.Disjoint:
                var isLeft = which < 0.5f;
                return (isLeft ? -0.6f : 0.6f, isLeft ? 0.7f * along : 0.7f * along - 0.7f, Thickness);
            case LabShape.Spiral:
                // The square root spreads the points evenly over the arc, nearly.
                var turn = MathF.Sqrt(0.02f + 0.98f * along);
                return Around(1.5f * turn, 0.8f * turn, Thickness);
            default:
                var at = (int)(which * (_drawn.Count / 2));
                return (_drawn[2 * at], _drawn[2 * at + 1], DrawnDeviation);
        }
    }

    private static (float X, float Y, float Deviation) Around(float turns, float radius, float deviation)
    {
        var (sine, cosine) = MathF.SinCos(2 * MathF.PI * turns);
        return (radius * cosine, radius * sine, deviation);
    }
}
