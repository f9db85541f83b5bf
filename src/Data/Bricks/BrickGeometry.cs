namespace GanPipeline.Data.Bricks;

/// <summary>What a ray can meet.</summary>
internal enum Surface : byte
{
    Ground,
    Body,
    StudTop,
    StudSide,
}

/// <summary>Where a ray meets a brick.</summary>
/// <param name="Surface">What it meets; <see cref="Surface.Ground"/> when it misses the brick.</param>
/// <param name="Distance">In lengths of the ray's direction.</param>
/// <param name="Normal">The surface's, of length 1.</param>
/// <param name="StudX">For studs: the middle of the stud.</param>
/// <param name="StudY">For studs: the middle of the stud.</param>
internal readonly record struct Hit(Surface Surface, float Distance, Vec Normal, float StudX, float StudY);

/// <summary>
/// A brick as solid geometry, in millimetres, standing on z = 0 with its middle at x = y = 0: a box, cut off by a plane where the type
/// is a slope, and cylinders on it. Rays are intersected in closed form.
/// </summary>
internal sealed class BrickGeometry
{
    // The measures of the real toy.
    public const float Pitch = 8f, PlateHeight = 3.2f, StudRadius = 2.4f, StudHeight = 1.8f;
    private const float Gap = 0.1f, SlopeLip = 1.7f;

    private readonly int _wide, _long, _firstStudRow;
    private readonly Vec _slopeNormal;
    private readonly float _slopeOffset;

    public BrickGeometry(BrickType type)
    {
        (_wide, _long) = (type.StudsWide, type.StudsLong);
        (HalfX, HalfY) = (Pitch / 2 * type.StudsWide - Gap, Pitch / 2 * type.StudsLong - Gap);
        Height = PlateHeight * type.Plates;
        HasStuds = type.Form != BrickForm.Tile;
        HasSlope = type.Form == BrickForm.Slope;
        if (!HasSlope) return;

        // One row of studs stays, at the far end of x; from its edge the plane falls to a lip at the near end.
        _firstStudRow = type.StudsWide - 1;
        var run = 2 * HalfX - Pitch;
        _slopeNormal = new Vec(-(Height - SlopeLip), 0, run).Unit();
        _slopeOffset = _slopeNormal.Dot(new Vec(-HalfX, 0, SlopeLip));
    }

    public float HalfX { get; }
    public float HalfY { get; }
    public float Height { get; }
    public bool HasStuds { get; }
    public bool HasSlope { get; }

    /// <summary>The height with the studs.</summary>
    public float Top => HasStuds ? Height + StudHeight : Height;

    /// <summary>Where the body begins on the x axis at a height: the slope moves it in.</summary>
    public float NearX(float z) => !HasSlope || z <= SlopeLip ? -HalfX : -HalfX + (z - SlopeLip) * (_slopeNormal.Z / -_slopeNormal.X);

    /// <summary>The first thing that a ray from outside meets.</summary>
    public Hit Trace(Vec origin, Vec direction)
    {
        var body = Body(origin, direction);
        if (!HasStuds) return body;
        var stud = Stud(origin, direction);
        if (stud.Surface == Surface.Ground) return body;
        return body.Surface == Surface.Ground || stud.Distance < body.Distance ? stud : body;
    }

    /// <summary>The first stud that a ray meets.</summary>
    public Hit Stud(Vec origin, Vec direction)
    {
        float enter = 0, exit = float.MaxValue;
        Clip(origin.Z - Height, direction.Z, 0, StudHeight, ref enter, ref exit);
        var (topEnter, topExit) = (enter, exit);
        Clip(origin.X, direction.X, -HalfX, HalfX, ref enter, ref exit);
        Clip(origin.Y, direction.Y, -HalfY, HalfY, ref enter, ref exit);
        if (enter >= exit) return default;

        // Only the studs under the ray's short way through their layer.
        var (x0, x1) = Cells(origin.X + direction.X * enter, origin.X + direction.X * exit, _wide, _firstStudRow);
        var (y0, y1) = Cells(origin.Y + direction.Y * enter, origin.Y + direction.Y * exit, _long, 0);
        var a = MathF.Max(direction.X * direction.X + direction.Y * direction.Y, 1e-12f);
        Hit nearest = default;
        for (var i = x0; i <= x1; i++)
        {
            for (var j = y0; j <= y1; j++)
            {
                var (centerX, centerY) = (Center(i, _wide), Center(j, _long));
                var (x, y) = (origin.X - centerX, origin.Y - centerY);
                var b = x * direction.X + y * direction.Y;
                var discriminant = b * b - a * (x * x + y * y - StudRadius * StudRadius);
                if (discriminant <= 0) continue;

                var root = MathF.Sqrt(discriminant);
                var (inside, outside) = ((-b - root) / a, (-b + root) / a);
                var distance = MathF.Max(inside, topEnter);
                if (distance >= MathF.Min(outside, topExit) || (nearest.Surface != Surface.Ground && distance >= nearest.Distance)) continue;
                nearest = inside > topEnter
                    ? new Hit(Surface.StudSide, distance,
                        new Vec((x + direction.X * distance) / StudRadius, (y + direction.Y * distance) / StudRadius, 0), centerX, centerY)
                    : new Hit(Surface.StudTop, distance, new Vec(0, 0, 1), centerX, centerY);
            }
        }
        return nearest;
    }

    /// <summary>The middle of the stud nearest to a point of the top.</summary>
    public (float X, float Y) NearestStud(float x, float y) =>
        (Center(Cell(x, _wide, _firstStudRow), _wide), Center(Cell(y, _long, 0), _long));

    private Hit Body(Vec origin, Vec direction)
    {
        float enter = 0, exit = float.MaxValue;
        Vec normal = default;
        if (Clip(origin.X, direction.X, -HalfX, HalfX, ref enter, ref exit)) normal = new Vec(direction.X > 0 ? -1 : 1, 0, 0);
        if (Clip(origin.Y, direction.Y, -HalfY, HalfY, ref enter, ref exit)) normal = new Vec(0, direction.Y > 0 ? -1 : 1, 0);
        if (Clip(origin.Z, direction.Z, 0, Height, ref enter, ref exit)) normal = new Vec(0, 0, direction.Z > 0 ? -1 : 1);
        if (HasSlope)
        {
            var slope = Clip(_slopeNormal.Dot(origin) - _slopeOffset, _slopeNormal.Dot(direction), float.NegativeInfinity, 0, ref enter, ref exit);
            if (slope) normal = _slopeNormal;
        }
        return enter < exit ? new Hit(Surface.Body, enter, normal, 0, 0) : default;
    }

    /// <summary>Shortens a ray to its part between two planes; true where it now begins later.</summary>
    private static bool Clip(float origin, float direction, float low, float high, ref float enter, ref float exit)
    {
        if (MathF.Abs(direction) < 1e-9f) direction = 1e-9f; // parallel: the planes are then far away, on the right sides
        var (first, last) = ((low - origin) / direction, (high - origin) / direction);
        if (first > last) (first, last) = (last, first);
        if (last < exit) exit = last;
        if (first <= enter) return false;
        enter = first;
        return true;
    }

    private static float Center(int cell, int count) => Pitch * (cell + 0.5f) - Pitch / 2 * count;

    private static int Cell(float position, int count, int first) =>
        Math.Clamp((int)MathF.Floor((position + Pitch / 2 * count) / Pitch), first, count - 1);

    private static (int, int) Cells(float from, float to, int count, int first)
    {
        var (a, b) = (Cell(from, count, first), Cell(to, count, first));
        return a <= b ? (a, b) : (b, a);
    }
}
