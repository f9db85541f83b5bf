using System.Globalization;
using GanPipeline.Inference;

namespace GanPipeline.Studio;

/// <summary>
/// Which latent a picture is made of: one of a seed, one between four seeds, or one of a walk; and how far it is moved then.
/// </summary>
internal sealed record LatentPlace
{
    /// <summary>The latents that a walk goes through, and its frames.</summary>
    public const int LeastPoints = 3, MostPoints = 20, MostFrames = 1000;

    // No slider goes farther, and no picture is left there.
    private const float MostDistance = 100;

    /// <summary>Any number; of a walk, its latents are the seed's first ones.</summary>
    public long Seed { get; init; }

    /// <summary>Which latent of the seed, from 0 on.</summary>
    public long Index { get; init; }

    /// <summary>The largest absolute value that is drawn; null for no limit.</summary>
    public float? Truncation { get; init; }

    /// <summary>Four seeds, whose first latents are the corners of a square, row by row; empty for none.</summary>
    public IReadOnlyList<long> Corners { get; init; } = [];

    /// <summary>The place in the square, 0 to 1 from the left.</summary>
    public double X { get; init; }

    /// <summary>0 to 1 from the top.</summary>
    public double Y { get; init; }

    /// <summary>The number of latents that a walk goes through; 0 for none.</summary>
    public int Points { get; init; }

    /// <summary>The frames of the walk.</summary>
    public int Frames { get; init; }

    /// <summary>The frame of the walk, from 0 on.</summary>
    public int Frame { get; init; }

    /// <summary>Values of the latent that are changed, and by how much.</summary>
    public IReadOnlyList<(int Component, float Distance)> Moves { get; init; } = [];

    /// <summary>Directions along which it is moved, by their place among those found, and how far.</summary>
    public IReadOnlyList<(int Direction, float Distance)> Directions { get; init; } = [];

    /// <summary>
    /// Reads an address's query: <c>seed</c>, <c>index</c>, <c>truncation</c>; <c>corners=1,2,3,4</c> with <c>x</c> and <c>y</c>;
    /// <c>points</c>, <c>frames</c> and <c>frame</c>; any number of <c>move=component:distance</c> and <c>along=direction:distance</c>.
    /// </summary>
    /// <exception cref="ArgumentException">A value is wrong; the message says which.</exception>
    public static LatentPlace Read(IQueryCollection query)
    {
        var corners = query["corners"].ToString() is { Length: > 0 } text ? text.Split(',') : [];
        if (corners.Length is not (0 or 4)) throw new ArgumentException($"corners are four seeds; got {corners.Length}.");
        var (points, frames) = ((int)Whole(query, "points", 0, 0, MostPoints), (int)Whole(query, "frames", 1, 1, MostFrames));
        if (points is > 0 and < LeastPoints) throw new ArgumentException($"points are {LeastPoints} or more; got {points}.");
        var truncation = Number(query["truncation"].ToString(), "truncation", Latents.SmallestTruncation, float.MaxValue, float.NaN);
        return new()
        {
            Seed = Whole(query, "seed", 0, long.MinValue, long.MaxValue),
            Index = Whole(query, "index", 0, 0, long.MaxValue),
            Truncation = float.IsNaN(truncation) ? null : truncation,
            Corners = [.. corners.Select(seed => Whole(seed, "corners", 0, long.MinValue, long.MaxValue))],
            X = Number(query["x"].ToString(), "x", 0, 1, 0),
            Y = Number(query["y"].ToString(), "y", 0, 1, 0),
            Points = points,
            Frames = frames,
            Frame = (int)Whole(query, "frame", 0, 0, frames - 1),
            Moves = [.. query["move"].Select(move => Move(move ?? "", "move"))],
            Directions = [.. query["along"].Select(move => Move(move ?? "", "along"))],
        };
    }

    /// <summary>The latent.</summary>
    /// <param name="size">Z.</param>
    /// <param name="directions">What <see cref="Directions"/> name.</param>
    /// <returns>[Z].</returns>
    /// <exception cref="ArgumentException">A value or direction is named that there is not.</exception>
    public float[] Latent(int size, IReadOnlyList<LatentDirection> directions)
    {
        var latent = Start(size);
        foreach (var (component, distance) in Moves)
        {
            if (component >= size) throw new ArgumentException($"A latent has {size} values; there is no {component}, as counted from 0.");
            latent[component] += distance;
        }
        foreach (var (direction, distance) in Directions)
        {
            if (direction >= directions.Count)
                throw new ArgumentException($"{directions.Count} directions are found; there is no {direction}, as counted from 0.");
            latent = directions[direction].Move(latent, distance);
        }
        return latent;
    }

    private float[] Start(int size)
    {
        if (Points > 0) return LatentPath.Loop(Draw(Seed, 0, Points, size), size, Frames)[(Frame * size)..((Frame + 1) * size)];
        if (Corners.Count == 0) return Draw(Seed, Index, 1, size);
        var corners = Corners.Select(seed => Draw(seed, 0, 1, size)).ToArray();
        return LatentPath.Between(LatentPath.Between(corners[0], corners[1], X), LatentPath.Between(corners[2], corners[3], X), Y);
    }

    private float[] Draw(long seed, long first, int count, int size)
    {
        var latents = new float[count * size];
        Latents.Truncated(seed, first, size, Truncation, latents);
        return latents;
    }

    private static (int Place, float Distance) Move(string text, string name)
    {
        var parts = text.Split(':');
        if (parts.Length != 2) throw new ArgumentException($"{name} is a place and a distance, such as 3:1.5; got '{text}'.");
        return ((int)Whole(parts[0], name, 0, 0, int.MaxValue), Number(parts[1], name, -MostDistance, MostDistance, 0));
    }

    private static long Whole(IQueryCollection query, string name, long otherwise, long least, long most) =>
        Whole(query[name].ToString(), name, otherwise, least, most);

    private static long Whole(string text, string name, long otherwise, long least, long most)
    {
        if (text.Length == 0) return otherwise;
        const NumberStyles Form = NumberStyles.AllowLeadingSign;
        if (long.TryParse(text, Form, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        throw new ArgumentException($"{name} is a whole number from {least} to {most}; got '{text}'.");
    }

    private static float Number(string text, string name, float least, float most, float otherwise)
    {
        if (text.Length == 0) return otherwise;
        if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"{name} is a number from {least} to {most}; got '{text}'."));
    }
}
