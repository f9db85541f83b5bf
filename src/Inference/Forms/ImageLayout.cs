namespace GanPipeline.Inference;

/// <summary>Where the channels of images stand.</summary>
/// <param name="Batch">The first axis: -1 where it is free.</param>
/// <param name="Channels">C.</param>
/// <param name="Height">H; -1 where it is free.</param>
/// <param name="Width">W; -1 where it is free.</param>
/// <param name="ChannelsLast">Whether the axes are [N, H, W, C], as in TensorFlow, and not [N, C, H, W].</param>
/// <param name="HasChannels">Whether there is an axis of channels; without, [N, H, W] is gray.</param>
internal sealed record ImageLayout(int Batch, int Channels, int Height, int Width, bool ChannelsLast, bool HasChannels)
{
    // Gray, gray with transparency, colour, colour with transparency.
    private const int MostChannels = 4;

    public int[] ChannelsFirstShape => [Batch, Channels, Height, Width];

    public int[] ChannelsLastShape => [Batch, Height, Width, Channels];

    /// <summary>The layout of images of a shape; null where it is no shape of images.</summary>
    /// <param name="shape">All but the first, the batch, are fixed; or height and width are free, -1.</param>
    /// <param name="lastIsUsual">Which axis the channels are on where the shape fits both: that of bytes is the last.</param>
    public static ImageLayout? Of(int[] shape, bool lastIsUsual = false)
    {
        if (shape.Length is < 3 or > 4) return null;
        if (shape.Length == 3) return new ImageLayout(shape[0], 1, shape[1], shape[2], lastIsUsual, HasChannels: false);
        bool first = shape[1] is > 0 and <= MostChannels, last = shape[3] is > 0 and <= MostChannels;
        var isLast = first == last ? lastIsUsual : last;
        // Channels are never free.
        if (shape[1] < 0 != shape[3] < 0) isLast = shape[1] < 0;
        // Of two that are few, colour and gray are likelier: [N, 4, 4, 3] is 4 x 4 in colour.
        if (first && last && (shape[1] is 1 or 3) != (shape[3] is 1 or 3)) isLast = shape[3] is 1 or 3;
        return isLast ? new ImageLayout(shape[0], shape[3], shape[1], shape[2], ChannelsLast: true, HasChannels: true)
            : new ImageLayout(shape[0], shape[1], shape[2], shape[3], ChannelsLast: false, HasChannels: true);
    }

    /// <summary>Adds what turns images of this layout into [N, C, H, W].</summary>
    public string ToChannelsFirst(GraphEditor graph, string value) => !HasChannels ? graph.Reshape(value, 0, 1, Height, Width)
        : ChannelsLast ? graph.Transpose(value, 0, 3, 1, 2) : value;

    /// <summary>Adds what turns images of this layout into [N, H, W, C].</summary>
    public string ToChannelsLast(GraphEditor graph, string value) => !HasChannels ? graph.Reshape(value, 0, Height, Width, 1)
        : ChannelsLast ? value : graph.Transpose(value, 0, 2, 3, 1);

    /// <summary>Adds what turns images [N, C, H, W] into this layout.</summary>
    public string FromChannelsFirst(GraphEditor graph, string value) => !HasChannels ? graph.Reshape(value, 0, Height, Width)
        : ChannelsLast ? graph.Transpose(value, 0, 2, 3, 1) : value;
}
