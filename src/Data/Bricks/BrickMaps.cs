namespace GanPipeline.Data;

/// <summary>
/// What the renderer knows of a picture and the picture does not tell: its edges, depths and classes of surface, and a drawing of it, by
/// rays of the same camera at the same brick. As exact as the picture, and the same bytes on every machine.
/// </summary>
internal sealed class BrickMaps
{
    // The camera stands at 5 radii from the brick's middle, so that all of the brick is between 4 and 6.
    private const float Nearest = BrickCamera.Distance - 1, Farthest = BrickCamera.Distance + 1;

    private const byte Line = 0, Paper = 255;

    // Of a drawing's classes, in the order of BrickSurfaces.Palette; the paper has none.
    private static readonly float[] _tones = [1, 1, 0.72f, 0.5f, 0.85f, 1, 0.6f, 0.4f, 0.25f];

    private readonly BrickGeometry _brick;
    private readonly BrickCamera _camera;
    private readonly int _side;

    /// <param name="attributes">What is drawn.</param>
    /// <param name="side">The side of the maps in pixels.</param>
    public BrickMaps(BrickAttributes attributes, int side)
    {
        _side = side;
        _brick = new BrickGeometry(attributes.Type);
        _camera = new BrickCamera(_brick, attributes);
    }

    /// <summary>
    /// Black lines on white: the pixels that the outline, a crease or the rim of a stud crosses, because not all four of their corners
    /// show the same part.
    /// </summary>
    public void Edges(Span<byte> plane)
    {
        var (above, below) = (new Part[_side + 1], new Part[_side + 1]);
        CastRow(0, below);
        for (var y = 0; y < _side; y++)
        {
            (above, below) = (below, above);
            CastRow(y + 1, below);
            for (var x = 0; x < _side; x++)
            {
                var one = above[x];
                plane[y * _side + x] = one == above[x + 1] && one == below[x] && one == below[x + 1] ? Paper : Line;
            }
        }
    }

    /// <summary>
    /// How near the middle of each pixel is: 0 for the background, and for the brick 1 (farthest) to 255 (nearest), evenly over the
    /// distances from 4 to 6 of its radii along the view.
    /// </summary>
    public void Depth(Span<byte> plane)
    {
        for (var i = 0; i < plane.Length; i++)
        {
            var hit = CastMiddle(i).Hit;
            // The ray's direction is as long as its part along the view.
            var far = hit.Distance / _camera.Radius;
            plane[i] = hit.Surface == Surface.Ground ? (byte)0
                : (byte)(1.5f + 254 * Math.Clamp((Farthest - far) / (Farthest - Nearest), 0, 1));
        }
    }

    /// <summary>The colour of <see cref="BrickSurfaces.Palette"/> for what is in the middle of each pixel, in three planes.</summary>
    public void Classes(Span<byte> planes)
    {
        var area = _side * _side;
        for (var i = 0; i < area; i++)
        {
            var color = BrickSurfaces.Palette[ClassOf(CastMiddle(i))];
            (planes[i], planes[area + i], planes[2 * area + i]) = (color.Red, color.Green, color.Blue);
        }
    }

    /// <summary>
    /// A drawing: black lines, the brick's colour in a flat tone for each class of surface, white paper, no light and no shadow.
    /// </summary>
    /// <param name="color">The brick's.</param>
    /// <param name="planes">Receives one plane, gray, or three.</param>
    public void Drawing(BrickColor color, Span<byte> planes)
    {
        var area = _side * _side;
        Span<float> light = planes.Length == area ? [color.Luminance] : [color.Red, color.Green, color.Blue];
        Edges(planes[..area]);
        for (var i = 0; i < area; i++)
        {
            var kind = planes[i] == Line ? -1 : ClassOf(CastMiddle(i));
            for (var channel = 0; channel < light.Length; channel++)
                planes[channel * area + i] = kind switch
                {
                    -1 => Line,
                    0 => Paper,
                    _ => BrickRenderer.Encode(light[channel] * _tones[kind]),
                };
        }
    }

    private int ClassOf((Hit Hit, Vec Point) at) => at.Hit.Surface switch
    {
        Surface.Ground => 0,
        Surface.Top => 1,
        Surface.SideX or Surface.SideY => at.Hit.Normal.Dot(_camera.Right) < 0 ? 2 : 3,
        Surface.Slope => 4,
        Surface.StudTop => 5,
        Surface.StudSide => 6,
        _ => _brick.IsSolidBelow(at.Point.X, at.Point.Y) ? 7 : 8,
    };

    private void CastRow(int y, Part[] row)
    {
        for (var x = 0; x <= _side; x++)
        {
            var (hit, point) = Cast(2f * x / _side - 1, 2f * y / _side - 1);
            var isHollow = hit.Surface == Surface.Bottom && !_brick.IsSolidBelow(point.X, point.Y);
            row[x] = new Part(hit.Surface, hit.StudX, hit.StudY, isHollow);
        }
    }

    private (Hit Hit, Vec Point) CastMiddle(int pixel) =>
        Cast((2f * (pixel % _side) + 1) / _side - 1, (2f * (pixel / _side) + 1) / _side - 1);

    private (Hit Hit, Vec Point) Cast(float x, float y)
    {
        if (!_camera.MayShowBrick(x, y)) return default;
        var ray = _camera.Ray(x, y);
        var hit = _brick.Trace(ray);
        return (hit, ray.At(hit.Distance));
    }

    /// <summary>What has no edge within: a face, or one stud's top or side.</summary>
    private readonly record struct Part(Surface Surface, float StudX, float StudY, bool IsHollow);
}
