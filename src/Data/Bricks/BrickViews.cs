using System.Numerics.Tensors;

namespace GanPipeline.Data;

/// <summary>
/// Reads from pictures of bricks, as a network makes them of others (<c>pair: pose</c>), from where the brick is seen and which kind it is:
/// by rendering it, and taking the render that is nearest to the picture.
/// </summary>
/// <remarks>
/// Nearest by the mean squared difference of pixels. What the picture should show otherwise, color, ground and light, is known. A brick
/// that looks the same after a half or a quarter of a turn has several right answers, and <see cref="Error"/> is from the nearest of them.
/// All methods may be called from several threads at once.
/// </remarks>
public sealed class BrickViews : IDisposable
{
    private const double CoarseYaw = 6, CoarsePitch = 8, LeastStep = 0.75;

    // Of the first grid's views, so many are followed to the nearest one around.
    private const int Followed = 2;

    private static readonly (int Yaw, int Pitch)[] _around = [(1, 0), (-1, 0), (0, 1), (0, -1)];

    private readonly BricksSource _bricks;
    private readonly NumberRange _pitch;

    /// <param name="options">The pictures' options, of kind <c>bricks</c>; pairs or not.</param>
    /// <exception cref="DataSetException">An option is out of its range, or the data is of another kind.</exception>
    public BrickViews(DataOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Kind != "bricks") throw new DataSetException($"Views are read of bricks, not of data of kind '{options.Kind}'.");
        var channels = PairForm.Of(options)?.B ?? options.Channels;
        _bricks = new BricksSource(options with { Pair = PairForm.None, Channels = channels });
        _pitch = options.Bricks.Pitch;
    }

    /// <summary>The shape of the pictures.</summary>
    public ImageShape Shape => _bricks.Shape;

    /// <summary>From where a picture of the data set shows its brick; of a pair the target.</summary>
    /// <param name="index">Which picture.</param>
    public ViewPose View(int index)
    {
        var brick = _bricks.Describe(index);
        return new(brick.Yaw, brick.Pitch);
    }

    /// <summary>The kind of brick that it shows.</summary>
    /// <param name="index">Which picture.</param>
    public string Kind(int index) => _bricks.Classes[_bricks.Label(index)];

    /// <summary>Draws the brick of a picture from elsewhere.</summary>
    /// <param name="index">Which picture.</param>
    /// <param name="view">From where.</param>
    /// <param name="pixels">Receives the picture, [C, H, W].</param>
    /// <exception cref="ArgumentException">An angle is out of its range.</exception>
    public void Render(int index, ViewPose view, Span<byte> pixels)
    {
        if (view.Problem is { } problem) throw new ArgumentException(problem, nameof(view));
        _bricks.Render(Seen(index, view), pixels);
    }

    /// <summary>A view as a picture: the edges of a slope seen from there, black on white.</summary>
    /// <param name="view">From where.</param>
    /// <exception cref="ArgumentException">An angle is out of its range.</exception>
    public ImageTensor Sign(ViewPose view)
    {
        if (view.Problem is { } problem) throw new ArgumentException(problem, nameof(view));
        var slope = BrickType.All.First(type => type is { Form: BrickForm.Slope, StudsWide: 2, StudsLong: 4 });
        var plane = new byte[Shape.Height * Shape.Width];
        new BrickMaps(new(slope, BrickColor.All[0], view.Yaw, view.Pitch, Light: 0, Background: 1, Fill: 0.9), Shape.Width).Edges(plane);
        return ImageTensor.FromBytes(plane, 1, 1, Shape.Height, Shape.Width);
    }

    /// <summary>From where a picture shows the brick of a picture of the data set, to about half a degree.</summary>
    /// <param name="index">The picture of the data set.</param>
    /// <param name="pixels">A picture of the same brick, [C, H, W] in [-1, 1].</param>
    /// <exception cref="ArgumentException">A picture of another size.</exception>
    public ViewPose ReadView(int index, ReadOnlySpan<float> pixels)
    {
        RequireSize(pixels);
        var (picture, canvas) = (pixels.ToArray(), new Canvas(Shape.Size));
        var period = Period(_bricks.Describe(index).Type);
        var pitches = (int)Math.Ceiling((_pitch.To - _pitch.From) / CoarsePitch);
        var views = from yaw in Enumerable.Range(0, (int)Math.Ceiling(period / CoarseYaw))
                    from pitch in Enumerable.Range(0, pitches + 1)
                    let view = new ViewPose(yaw * CoarseYaw, _pitch.At((double)pitch / Math.Max(1, pitches)))
                    orderby Difference(view)
                    select view;
        return views.Take(Followed).ToArray().Select(Follow).MinBy(found => found.Difference).View;

        // Downhill, in steps that become smaller where none leads down.
        (ViewPose View, float Difference) Follow(ViewPose view)
        {
            var least = Difference(view);
            for (var step = CoarseYaw / 2; step >= LeastStep;)
            {
                var (best, to) = (least, view);
                foreach (var (yaw, pitch) in _around)
                {
                    var next = new ViewPose(view.Yaw + yaw * step, Math.Clamp(view.Pitch + pitch * step, -90, 90));
                    var difference = Difference(next);
                    if (difference < best) (best, to) = (difference, next);
                }
                if (best < least) (least, view) = (best, to);
                else step /= 2;
            }
            return (view with { Yaw = (view.Yaw % period + period) % period }, least);
        }

        float Difference(ViewPose view) => canvas.DifferenceFrom(picture, pixels => _bricks.Render(Seen(index, view), pixels));
    }

    /// <summary>The kind of brick that a picture shows, of those of the data set, from the right view and in the right color.</summary>
    /// <param name="index">The picture of the data set that it should be like.</param>
    /// <param name="pixels">The picture, [C, H, W] in [-1, 1].</param>
    /// <exception cref="ArgumentException">A picture of another size.</exception>
    public string ReadKind(int index, ReadOnlySpan<float> pixels)
    {
        RequireSize(pixels);
        var (picture, canvas, brick) = (pixels.ToArray(), new Canvas(Shape.Size), _bricks.Describe(index));
        return _bricks.Classes.MinBy(kind => canvas.DifferenceFrom(picture, pixels =>
            _bricks.Render(brick with { Type = BrickType.All.First(type => type.Name == kind) }, pixels)))!;
    }

    /// <summary>
    /// How far a view is from the one that a picture of the data set has, in degrees: the larger of the differences of yaw and pitch.
    /// </summary>
    /// <param name="index">The picture of the data set.</param>
    /// <param name="view">The view.</param>
    public double Error(int index, ViewPose view)
    {
        var (brick, real) = (_bricks.Describe(index), View(index));
        return Math.Max(Math.Abs(Math.IEEERemainder(view.Yaw - real.Yaw, Period(brick.Type))), Math.Abs(view.Pitch - real.Pitch));
    }

    /// <summary>Nothing is kept open.</summary>
    public void Dispose() => _bricks.Dispose();

    private BrickAttributes Seen(int index, ViewPose view) => _bricks.Describe(index) with { Yaw = view.Yaw, Pitch = view.Pitch };

    /// <summary>The turn after which a brick looks the same, in degrees.</summary>
    private static double Period(BrickType type) =>
        type.Form == BrickForm.Slope ? 360 : type.StudsWide == type.StudsLong ? 90 : 180;

    private void RequireSize(ReadOnlySpan<float> pixels)
    {
        if (pixels.Length != Shape.Size)
            throw new ArgumentException($"A picture has {Shape.Size} values; got {pixels.Length}.", nameof(pixels));
    }

    private delegate void Draw(Span<byte> pixels);

    /// <summary>Room for a render.</summary>
    private sealed class Canvas(int size)
    {
        private readonly byte[] _pixels = new byte[size];
        private readonly float[] _values = new float[size];

        /// <summary>The Euclidean distance of what is drawn from a picture.</summary>
        public float DifferenceFrom(float[] picture, Draw draw)
        {
            draw(_pixels);
            PixelValues.ToFloats(_pixels, _values);
            return TensorPrimitives.Distance<float>(picture, _values);
        }
    }
}
