namespace GanPipeline.Inference;

/// <summary>Continues images at the right and at the bottom by their mirror image, as often as needed, and cuts that away.</summary>
internal static class Reflection
{
    public static ImageTensor Continue(ImageTensor images, int height, int width)
    {
        if ((images.Height, images.Width) == (height, width)) return images;
        var made = new ImageTensor(images.Count, images.Channels, height, width);
        int[] columns = [.. Enumerable.Range(0, width).Select(x => Place(x, images.Width))];
        for (var plane = 0; plane < images.Count * images.Channels; plane++)
        {
            var from = images.Values.AsSpan(plane * images.Height * images.Width, images.Height * images.Width);
            var to = made.Values.AsSpan(plane * height * width, height * width);
            for (var y = 0; y < height; y++)
            {
                var row = from.Slice(Place(y, images.Height) * images.Width, images.Width);
                for (var x = 0; x < width; x++) to[y * width + x] = row[columns[x]];
            }
        }
        return made;
    }

    public static ImageTensor Cut(ImageTensor images, int height, int width)
    {
        if ((images.Height, images.Width) == (height, width)) return images;
        var made = new ImageTensor(images.Count, images.Channels, height, width);
        for (var plane = 0; plane < images.Count * images.Channels; plane++)
        {
            for (var y = 0; y < height; y++)
            {
                images.Values.AsSpan((plane * images.Height + y) * images.Width, width)
                    .CopyTo(made.Values.AsSpan((plane * height + y) * width));
            }
        }
        return made;
    }

    /// <summary>The border's pixel is not repeated, as in a network's reflecting padding.</summary>
    private static int Place(int at, int length)
    {
        if (length == 1) return 0;
        var turn = at % (2 * length - 2);
        return turn < length ? turn : 2 * length - 2 - turn;
    }
}
