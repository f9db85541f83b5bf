namespace GanPipeline.Data;

/// <summary>
/// Light on a brick and on the ground around it: one lamp, light from all of the sky, a gloss, rounded edges, the dark places where
/// surfaces meet, and the shadows of studs and brick. Values are linear in light; 1 is white.
/// </summary>
internal sealed class BrickShading
{
    private const float Lamp = 1.05f, Sky = 0.42f, Bounce = 0.20f, BounceBelow = 0.75f, Gloss = 0.34f, Hollow = 0.3f;
    private const double LampElevation = 52;

    // How dark the places are that the lamp does not reach, and over how many millimetres a stud's shadow fades.
    private const float StudShadow = 0.85f, StudPenumbra = 0.7f, GroundShadow = 0.42f;

    private readonly BrickGeometry _brick;
    private readonly Vec _lamp, _mirror;
    private readonly float _rounding, _ground, _bounce, _lampReach;
    private readonly bool _shadow;

    /// <param name="brick">The brick.</param>
    /// <param name="view">Its viewpoint, light and background.</param>
    /// <param name="camera">Where it is seen from.</param>
    /// <param name="millimetresPerPixel">Edges are rounded by about a pixel, within reason, so that they catch light at every size.</param>
    /// <param name="shadow">Whether the ground is shaded.</param>
    public BrickShading(BrickGeometry brick, BrickAttributes view, BrickCamera camera, float millimetresPerPixel, bool shadow)
    {
        _brick = brick;
        _shadow = shadow;
        _rounding = Math.Clamp(0.8f * millimetresPerPixel, 0.25f, 0.7f);
        _ground = (float)(view.Background * view.Background); // linear: pictures store square roots
        _bounce = camera.Position.Z < 0 ? BounceBelow : Bounce; // seen from below, a brick hovers, and light comes from there too
        var (sin, cos) = ExactMath.SinCosDegrees(view.Yaw + view.Light);
        var (up, level) = ExactMath.SinCosDegrees(LampElevation);
        _lamp = new Vec((float)(sin * level), (float)(-cos * level), (float)up);
        _mirror = (_lamp - camera.Forward).Unit(); // Blinn's half way, for a camera far away
        _lampReach = (float)(level / up); // millimetres a shadow goes sideways for each of height
    }

    /// <summary>What a surface of the brick returns: a share of the plastic's colour, and white gloss on top.</summary>
    public (float Diffuse, float Gloss) Plastic(in Hit hit, Vec point)
    {
        var normal = Rounded(hit, point);
        var lit = MathF.Max(0, normal.Dot(_lamp));
        var open = 1f; // the share of the sky that is seen
        switch (hit.Surface)
        {
            case Surface.Top when _brick.HasStuds:
                var (x, y) = _brick.NearestStud(point.X, point.Y);
                (x, y) = (point.X - x, point.Y - y);
                open = 0.58f + 0.42f * SmoothStep((MathF.Sqrt(x * x + y * y) - BrickGeometry.StudRadius) * (1 / 1.7f));
                lit *= 1 - StudShadow * BehindStud(x, y);
                break;
            case Surface.Bottom:
                open = _brick.IsSolidBelow(point.X, point.Y) ? 1 : Hollow;
                break;
            case Surface.StudSide:
                open = 0.55f + 0.45f * SmoothStep((point.Z - _brick.Height) * (1 / BrickGeometry.StudHeight));
                break;
            case Surface.SideX or Surface.SideY or Surface.Slope:
                open = 0.66f + 0.34f * SmoothStep(point.Z / (0.5f + 0.6f * _brick.Height));
                break;
        }
        var diffuse = Lamp * lit + open * (Sky * (0.5f + 0.5f * normal.Z) + _bounce * _ground * (0.5f - 0.5f * normal.Z));
        return (diffuse, lit > 0 ? Gloss * Power32(MathF.Max(0, normal.Dot(_mirror))) : 0);
    }

    /// <summary>The light that the ground returns where a ray meets it.</summary>
    public float Ground(Vec origin, Vec direction)
    {
        if (!_shadow || direction.Z > -1e-4f) return _ground;
        var distance = origin.Z / -direction.Z;
        if (distance < 0) return _ground; // it lies behind a camera that looks up from below it
        var (x, y) = (origin.X + direction.X * distance, origin.Y + direction.Y * distance);
        var reach = 1.5f * _brick.Height + 5;
        var outside = OutsideFootprint(x, y, 0);
        if (outside >= reach) return _ground;

        // Near the brick less of the sky is seen.
        var near = outside / (0.3f * _brick.Height + 0.6f);
        var light = (1 - 0.34f / (1 + near * near)) * (1 - GroundShadow * CastShadow(x, y));
        var fade = MathF.Min(1, 3 * (1 - outside / reach));
        return _ground * (1 - (1 - light) * fade);
    }

    /// <summary>
    /// How much of the lamp the brick hides from a point of the ground: on the way to the lamp, halfway between entering and leaving the
    /// outline, how deep inside it one is; the higher that is, the softer the shadow.
    /// </summary>
    private float CastShadow(float x, float y)
    {
        var way = new Ray(new Vec(x, y, 0), new Vec(_lamp.X / _lamp.Z, _lamp.Y / _lamp.Z, 1));
        var (enterX, exitX) = Between(x, way.Inverse.X, -_brick.HalfX, _brick.HalfX);
        var (enterY, exitY) = Between(y, way.Inverse.Y, -_brick.HalfY, _brick.HalfY);
        var z = Math.Clamp((MathF.Max(enterX, enterY) + MathF.Min(exitX, exitY)) / 2, 0, _brick.Height);
        var point = way.At(z);
        return SmoothStep(0.5f - OutsideFootprint(point.X, point.Y, z) / (1 + 0.3f * z));
    }

    private static (float, float) Between(float origin, float inverse, float low, float high)
    {
        var (first, last) = ((low - origin) * inverse, (high - origin) * inverse);
        return first < last ? (first, last) : (last, first);
    }

    /// <summary>How much of the lamp a stud hides from a point of the top, given relative to the stud's middle.</summary>
    private float BehindStud(float x, float y)
    {
        var length = BrickGeometry.StudHeight * _lampReach;
        var level = MathF.Sqrt(_lamp.X * _lamp.X + _lamp.Y * _lamp.Y);
        var (towardsX, towardsY) = (_lamp.X / level, _lamp.Y / level);
        var way = Math.Clamp(-(x * towardsX + y * towardsY), 0, length);
        (x, y) = (x + towardsX * way, y + towardsY * way);
        // Only from behind: beside the lit half of the stud the way starts at its nearest point and is no shadow.
        return way == 0 ? 0 : SmoothStep(0.5f + (BrickGeometry.StudRadius - MathF.Sqrt(x * x + y * y)) * (1 / StudPenumbra));
    }

    /// <summary>Signed distance to the brick's outline at a height, negative inside.</summary>
    private float OutsideFootprint(float x, float y, float z)
    {
        var near = _brick.NearX(z);
        var dx = MathF.Abs(x - (near + _brick.HalfX) / 2) - (_brick.HalfX - near) / 2;
        var dy = MathF.Abs(y) - _brick.HalfY;
        return dx <= 0 || dy <= 0 ? MathF.Max(dx, dy) : MathF.Sqrt(dx * dx + dy * dy);
    }

    /// <summary>The normal, bent towards the neighbouring face near an edge.</summary>
    private Vec Rounded(in Hit hit, Vec point)
    {
        var bent = hit.Normal;
        switch (hit.Surface)
        {
            case Surface.StudTop:
                var (x, y) = (point.X - hit.StudX, point.Y - hit.StudY);
                var fromAxis = MathF.Sqrt(x * x + y * y);
                var bend = Bend(BrickGeometry.StudRadius - fromAxis);
                if (bend > 0) bent = new Vec(bend * x / fromAxis, bend * y / fromAxis, 1);
                break;
            case Surface.StudSide:
                bent += new Vec(0, 0, Bend(_brick.Top - point.Z));
                break;
            case Surface.SideX:
                bent += new Vec(0, BendY(point), Bend(_brick.Height - point.Z));
                break;
            case Surface.SideY:
                bent += new Vec(BendX(point), 0, Bend(_brick.Height - point.Z));
                break;
            case Surface.Slope:
                bent += new Vec(0, BendY(point), 0);
                break;
            default:
                bent += new Vec(BendX(point), BendY(point), 0);
                break;
        }
        return bent == hit.Normal ? bent : bent.Unit();
    }

    private float BendX(Vec point) => Bend(_brick.HalfX - point.X) - (_brick.HasSlope ? 0 : Bend(point.X + _brick.HalfX));

    private float BendY(Vec point) => Bend(_brick.HalfY - point.Y) - Bend(point.Y + _brick.HalfY);

    private float Bend(float fromEdge) => fromEdge >= _rounding ? 0 : 1 - MathF.Max(0, fromEdge) / _rounding;

    private static float Power32(float x)
    {
        x *= x;
        x *= x;
        x *= x;
        x *= x;
        return x * x;
    }

    private static float SmoothStep(float x)
    {
        x = Math.Clamp(x, 0, 1);
        return x * x * (3 - 2 * x);
    }
}
