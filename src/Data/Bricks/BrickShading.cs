namespace GanPipeline.Data.Bricks;

/// <summary>
/// Light on a brick and on the ground around it: one lamp, light from all of the sky, a gloss, rounded edges, the dark places where surfaces
/// meet, and the shadows of studs and brick. Values are linear in light; 1 is white.
/// </summary>
internal sealed class BrickShading
{
    private const float Lamp = 0.95f, Sky = 0.50f, Bounce = 0.22f, Gloss = 0.30f;
    private const double LampElevation = 48;

    private readonly BrickGeometry _brick;
    private readonly Vec _lamp;
    private readonly float _rounding, _ground;
    private readonly bool _shadow;

    /// <param name="brick">The brick.</param>
    /// <param name="view">Its viewpoint, light and background.</param>
    /// <param name="millimetresPerPixel">Edges are rounded by about a pixel, within reason, so that they catch light at every size.</param>
    /// <param name="shadow">Whether the ground is shaded.</param>
    public BrickShading(BrickGeometry brick, BrickAttributes view, float millimetresPerPixel, bool shadow)
    {
        _brick = brick;
        _shadow = shadow;
        _rounding = Math.Clamp(0.8f * millimetresPerPixel, 0.25f, 0.7f);
        _ground = (float)(view.Background * view.Background); // linear: pictures store square roots
        var (sin, cos) = ExactMath.SinCosDegrees(view.Yaw + view.Light);
        var (up, level) = ExactMath.SinCosDegrees(LampElevation);
        _lamp = new Vec((float)(sin * level), (float)(-cos * level), (float)up);
    }

    /// <summary>
    /// What a surface of the brick returns: a share of the plastic's colour, and white gloss on top.
    /// </summary>
    public (float Diffuse, float Gloss) Plastic(in Hit hit, Vec point, Vec direction)
    {
        var normal = Rounded(hit, point);
        var lit = MathF.Max(0, normal.Dot(_lamp));
        if (lit > 0 && hit.Surface == Surface.Body && hit.Normal.Z > 0.9f && _brick.HasStuds
            && _brick.Stud(point, _lamp).Surface != Surface.Ground) lit *= 0.12f;

        var open = Openness(hit, point);
        var diffuse = Lamp * lit + open * (Sky * (0.5f + 0.5f * normal.Z) + Bounce * _ground * (0.5f - 0.5f * normal.Z));

        var between = (_lamp - direction).Unit();
        var power = MathF.Max(0, normal.Dot(between));
        power *= power; // to the 32nd by squaring
        power *= power;
        power *= power;
        power *= power;
        power *= power;
        return (diffuse, lit > 0 ? Gloss * power : 0);
    }

    /// <summary>The light that the ground returns where a ray meets it.</summary>
    public float Ground(Vec origin, Vec direction)
    {
        if (!_shadow || direction.Z > -1e-4f) return _ground;
        var point = origin + direction * (origin.Z / -direction.Z);
        var reach = 2.5f * _brick.Height + 4;
        var outside = OutsideFootprint(point.X, point.Y, 0);
        if (outside > reach) return _ground;

        // Near the brick less of the sky is seen.
        var near = outside / (0.3f * _brick.Height + 0.6f);
        var light = 1 - 0.34f / (1 + near * near);

        // The cast shadow: climb towards the lamp and see how deep inside the brick one gets; it softens with height.
        var covered = 0f;
        const int Steps = 7;
        for (var i = 0; i <= Steps; i++)
        {
            var z = _brick.Height * i / Steps;
            var climb = z / _lamp.Z;
            var depth = -OutsideFootprint(point.X + _lamp.X * climb, point.Y + _lamp.Y * climb, z);
            var soft = 0.5f + 0.16f * z;
            covered = MathF.Max(covered, SmoothStep(0.5f + depth / (2 * soft)));
        }
        var fade = MathF.Min(1, 3 * (1 - outside / reach));
        return _ground * (1 - (1 - light * (1 - 0.38f * covered)) * fade);
    }

    /// <summary>Signed distance to the brick's outline at a height, negative inside.</summary>
    private float OutsideFootprint(float x, float y, float z)
    {
        var near = _brick.NearX(z);
        var dx = MathF.Abs(x - (near + _brick.HalfX) / 2) - (_brick.HalfX - near) / 2;
        var dy = MathF.Abs(y) - _brick.HalfY;
        if (dx <= 0 || dy <= 0) return MathF.Max(dx, dy);
        return MathF.Sqrt(dx * dx + dy * dy);
    }

    /// <summary>The share of the sky that reaches a point: less beside a stud and near the ground.</summary>
    private float Openness(in Hit hit, Vec point)
    {
        var open = 1f;
        if (hit.Surface == Surface.StudSide) open = 0.62f + 0.38f * SmoothStep((point.Z - _brick.Height) / BrickGeometry.StudHeight);
        else if (hit.Surface == Surface.Body && hit.Normal.Z > 0.9f && _brick.HasStuds)
        {
            var (x, y) = _brick.NearestStud(point.X, point.Y);
            var gap = MathF.Sqrt((point.X - x) * (point.X - x) + (point.Y - y) * (point.Y - y)) - BrickGeometry.StudRadius;
            open = 0.62f + 0.38f * SmoothStep(gap / 1.6f);
        }
        else if (hit.Surface == Surface.Body)
        {
            open = 0.72f + 0.28f * SmoothStep(point.Z / (0.25f * BrickGeometry.PlateHeight + 0.5f * _brick.Height));
        }
        return open;
    }

    /// <summary>The normal, bent towards the neighbouring face near an edge.</summary>
    private Vec Rounded(in Hit hit, Vec point)
    {
        if (hit.Surface is Surface.StudTop or Surface.StudSide)
        {
            var (x, y) = (point.X - hit.StudX, point.Y - hit.StudY);
            var fromAxis = MathF.Sqrt(x * x + y * y);
            var rim = hit.Surface == Surface.StudTop ? BrickGeometry.StudRadius - fromAxis : _brick.Top - point.Z;
            var bend = Bend(rim);
            if (bend == 0) return hit.Normal;
            return hit.Surface == Surface.StudTop
                ? new Vec(bend * x / fromAxis, bend * y / fromAxis, 1).Unit()
                : new Vec(hit.Normal.X, hit.Normal.Y, bend).Unit();
        }
        var normal = hit.Normal;
        var bent = normal;
        if (MathF.Abs(normal.X) < 0.5f || _brick.HasSlope)
        {
            if (normal.X > -0.1f && normal.X < 0.5f) bent += new Vec(Bend(_brick.HalfX - point.X), 0, 0);
            if (!_brick.HasSlope) bent -= new Vec(Bend(point.X + _brick.HalfX), 0, 0);
        }
        if (MathF.Abs(normal.Y) < 0.5f) bent += new Vec(0, Bend(_brick.HalfY - point.Y) - Bend(point.Y + _brick.HalfY), 0);
        if (MathF.Abs(normal.Z) < 0.1f) bent += new Vec(0, 0, Bend(_brick.Height - point.Z));
        return bent == normal ? normal : bent.Unit();
    }

    private float Bend(float fromEdge) => fromEdge >= _rounding ? 0 : 1 - MathF.Max(0, fromEdge) / _rounding;

    private static float SmoothStep(float x)
    {
        x = Math.Clamp(x, 0, 1);
        return x * x * (3 - 2 * x);
    }
}
