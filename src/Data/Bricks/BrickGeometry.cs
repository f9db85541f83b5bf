namespace GanPipeline.Data;

/// <summary>What a ray can meet.</summary>
internal enum Surface : byte
{
    Ground,
    Top,
    Bottom,
    SideX,
    SideY,
    Slope,
    StudTop,
    StudSide,
}

/// <summary>A ray, with what all intersections need of it worked out once.</summary>
internal readonly struct Ray(Vec origin, Vec direction)
{
    public readonly Vec Origin = origin;
    public readonly Vec Direction = direction;
    public readonly Vec Inverse = new(Invert(direction.X), Invert(direction.Y), Invert(direction.Z));

    public Vec At(float distance) => Origin + Direction * distance;

    // Parallel to a pair of planes: they are then very far away, on the right sides.
    private static float Invert(float x) => 1 / (MathF.Abs(x) < 1e-9f ? 1e-9f : x);
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
    private const float Gap = 0.1f, SlopeLip = 1.7f, Wall = 1.5f, TubeRadius = 3.25f, PinRadius = 1.6f;

    private readonly int _wide, _long, _firstStudRow;
    private readonly Vec _slopeNormal;
    private readonly float _slopeOffset;

    public BrickGeometry(BrickType type)
    {
        (_wide, _long) = (type.StudsWide, type.StudsLong);
        (HalfX, HalfY) = (Pitch / 2 * _wide - Gap, Pitch / 2 * _long - Gap);
        Height = PlateHeight * type.Plates;
        HasStuds = type.Form != BrickForm.Tile;
        HasSlope = type.Form == BrickForm.Slope;
        if (!HasSlope) return;

        // One row of studs stays, at the far end of x; from its edge the plane falls to a lip at the near end.
        _firstStudRow = _wide - 1;
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
    public Hit Trace(in Ray ray)
    {
        float enter = 0, exit = float.MaxValue;
        var side = Surface.Top; // of no consequence for a ray that starts above the outline, as it meets the top
        if (Clip(ray.Origin.X, ray.Inverse.X, -HalfX, HalfX, ref enter, ref exit)) side = Surface.SideX;
        if (Clip(ray.Origin.Y, ray.Inverse.Y, -HalfY, HalfY, ref enter, ref exit)) side = Surface.SideY;
        if (enter >= exit) return default;
        var body = Body(ray, side, enter, exit);
        if (!HasStuds) return body;
        var stud = Stud(ray, enter, exit);
        return stud.Surface != Surface.Ground && (body.Surface == Surface.Ground || stud.Distance < body.Distance) ? stud : body;
    }

    /// <summary>
    /// Whether a point of the underside is solid: the walls all around and, between the studs' places, tubes (pins where it is one stud
    /// wide). The rest is hollow.
    /// </summary>
    public bool IsSolidBelow(float x, float y)
    {
        if (MathF.Min(HalfX - MathF.Abs(x), HalfY - MathF.Abs(y)) < Wall) return true;
        if (_wide == 1 && _long == 1) return false;
        var (across, along) = (Between(x, _wide), Between(y, _long));
        var (dx, dy) = (x - across, y - along);
        var square = dx * dx + dy * dy;
        return _wide == 1 || _long == 1 ? square < PinRadius * PinRadius
            : square is > StudRadius * StudRadius and < TubeRadius * TubeRadius;
    }

    /// <summary>The middle of the stud nearest to a point of the top.</summary>
    public (float X, float Y) NearestStud(float x, float y) =>
        (Center(Cell(x, _wide, _firstStudRow), _wide), Center(Cell(y, _long, 0), _long));

    private Hit Body(in Ray ray, Surface surface, float enter, float exit)
    {
        if (Clip(ray.Origin.Z, ray.Inverse.Z, 0, Height, ref enter, ref exit)) surface = ray.Direction.Z > 0 ? Surface.Bottom : Surface.Top;
        if (HasSlope && enter < exit)
        {
            var (above, climb) = (_slopeNormal.Dot(ray.Origin) - _slopeOffset, _slopeNormal.Dot(ray.Direction));
            var crossing = -above / climb;
            if (climb < 0 && crossing > enter) (enter, surface) = (crossing, Surface.Slope);
            else if (climb > 0) exit = MathF.Min(exit, crossing);
        }
        if (enter >= exit) return default;
        return new Hit(surface, enter, surface switch
        {
            Surface.SideX => new Vec(ray.Direction.X > 0 ? -1 : 1, 0, 0),
            Surface.SideY => new Vec(0, ray.Direction.Y > 0 ? -1 : 1, 0),
            Surface.Slope => _slopeNormal,
            Surface.Bottom => new Vec(0, 0, -1),
            _ => new Vec(0, 0, 1),
        }, 0, 0);
    }

    private Hit Stud(in Ray ray, float enter, float exit)
    {
        float topEnter = 0, topExit = float.MaxValue;
        Clip(ray.Origin.Z, ray.Inverse.Z, Height, Top, ref topEnter, ref topExit);
        (enter, exit) = (MathF.Max(enter, topEnter), MathF.Min(exit, topExit));
        if (enter >= exit) return default;

        // Only the studs under the ray's short way through their layer.
        var (from, to) = (ray.At(enter), ray.At(exit));
        var (x0, x1) = Cells(from.X, to.X, _wide, _firstStudRow);
        var (y0, y1) = Cells(from.Y, to.Y, _long, 0);
        var a = MathF.Max(ray.Direction.X * ray.Direction.X + ray.Direction.Y * ray.Direction.Y, 1e-12f);
        Hit nearest = default;
        for (var i = x0; i <= x1; i++)
        {
            for (var j = y0; j <= y1; j++)
            {
                var (centerX, centerY) = (Center(i, _wide), Center(j, _long));
                var (x, y) = (ray.Origin.X - centerX, ray.Origin.Y - centerY);
                var b = x * ray.Direction.X + y * ray.Direction.Y;
                var discriminant = b * b - a * (x * x + y * y - StudRadius * StudRadius);
                if (discriminant <= 0) continue;

                var root = MathF.Sqrt(discriminant);
                var (inside, outside) = ((-b - root) / a, (-b + root) / a);
                var distance = MathF.Max(inside, topEnter);
                if (distance >= MathF.Min(outside, topExit) || (nearest.Surface != Surface.Ground && distance >= nearest.Distance))
                    continue;
                var normal = inside > topEnter
                    ? new Vec((x + ray.Direction.X * distance) / StudRadius, (y + ray.Direction.Y * distance) / StudRadius, 0)
                    : new Vec(0, 0, 1);
                nearest = new Hit(inside > topEnter ? Surface.StudSide : Surface.StudTop, distance, normal, centerX, centerY);
            }
        }
        return nearest;
    }

    /// <summary>Shortens a ray to its part between two planes; true where it now begins later.</summary>
    private static bool Clip(float origin, float inverse, float low, float high, ref float enter, ref float exit)
    {
        var (first, last) = ((low - origin) * inverse, (high - origin) * inverse);
        if (first > last) (first, last) = (last, first);
        if (last < exit) exit = last;
        if (first <= enter) return false;
        enter = first;
        return true;
    }

    private static float Center(int cell, int count) => Pitch * (cell + 0.5f) - Pitch / 2 * count;

    /// <summary>The place between two studs that is nearest to a position; the middle where there is one stud only.</summary>
    private static float Between(float position, int count) =>
        count == 1 ? 0 : Center(Math.Clamp((int)((position + Pitch / 2 * count) * (1 / Pitch) + 0.5f), 1, count - 1), count) - Pitch / 2;

    private static int Cell(float position, int count, int first) =>
        Math.Clamp((int)((position + Pitch / 2 * count) * (1 / Pitch)), first, count - 1);

    private static (int, int) Cells(float from, float to, int count, int first)
    {
        var (a, b) = (Cell(from, count, first), Cell(to, count, first));
        return a <= b ? (a, b) : (b, a);
    }
}
