namespace GanPipeline.Data;

/// <summary>A camera that looks at a brick and has it in the middle of the picture, at the size asked for.</summary>
internal sealed class BrickCamera
{
    /// <summary>In radii of the brick: far enough that lines stay nearly parallel, as in product pictures.</summary>
    public const float Distance = 5f;

    private readonly Vec _up;
    private readonly float _middleU, _middleV, _half, _reachX, _reachY;

    public BrickCamera(BrickGeometry brick, BrickAttributes view)
    {
        var (yawSin, yawCos) = ExactMath.SinCosDegrees(view.Yaw);
        var (pitchSin, pitchCos) = ExactMath.SinCosDegrees(view.Pitch);
        Forward = new Vec((float)(-yawSin * pitchCos), (float)(yawCos * pitchCos), (float)-pitchSin);
        Right = new Vec((float)yawCos, (float)yawSin, 0);
        _up = new Vec((float)(-yawSin * pitchSin), (float)(yawCos * pitchSin), (float)pitchCos);

        Radius = MathF.Sqrt(brick.HalfX * brick.HalfX + brick.HalfY * brick.HalfY + brick.Top * brick.Top / 4);
        Position = new Vec(0, 0, brick.Top / 2) - Forward * (Distance * Radius);

        float left = float.MaxValue, right = float.MinValue, bottom = float.MaxValue, top = float.MinValue;
        for (var corner = 0; corner < 8; corner++)
        {
            var z = (corner & 4) == 0 ? 0 : brick.Top;
            var x = (corner & 1) == 0 ? brick.NearX(MathF.Min(z, brick.Height)) : brick.HalfX;
            var seen = new Vec(x, (corner & 2) == 0 ? -brick.HalfY : brick.HalfY, z) - Position;
            var depth = seen.Dot(Forward);
            var (u, v) = (seen.Dot(Right) / depth, seen.Dot(_up) / depth);
            (left, right) = (MathF.Min(left, u), MathF.Max(right, u));
            (bottom, top) = (MathF.Min(bottom, v), MathF.Max(top, v));
        }
        (_middleU, _middleV) = ((left + right) / 2, (bottom + top) / 2);
        _half = MathF.Max(right - left, top - bottom) / 2 / (float)view.Fill;
        (_reachX, _reachY) = ((right - left) / 2 / _half + 1e-4f, (top - bottom) / 2 / _half + 1e-4f);
        MillimetresPerFrame = 2 * _half * Distance * Radius;
    }

    public Vec Position { get; }

    /// <summary>The direction of view.</summary>
    public Vec Forward { get; }

    /// <summary>To the right in the picture, of length 1, level.</summary>
    public Vec Right { get; }

    /// <summary>Half the diagonal of the brick's box in millimetres: all of it is within that distance of its middle.</summary>
    public float Radius { get; }

    /// <summary>The width of the picture at the brick's middle.</summary>
    public float MillimetresPerFrame { get; }

    /// <summary>The ray through a point of the picture; both coordinates go from -1 to 1, rightwards and downwards.</summary>
    public Ray Ray(float x, float y) => new(Position, Direction(x, y));

    /// <summary>That ray's direction, of length about 1.</summary>
    public Vec Direction(float x, float y) => Forward + Right * (_middleU + _half * x) + _up * (_middleV - _half * y);

    /// <summary>Whether the brick can be there: inside the frame around its corners, a slope's included.</summary>
    public bool MayShowBrick(float x, float y) => MathF.Abs(x) <= _reachX && MathF.Abs(y) <= _reachY;
}
