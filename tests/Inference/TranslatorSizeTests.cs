using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

/// <summary>Translators of images of any size, ours and those of others; tiles, and continued images.</summary>
public class TranslatorSizeTests
{
    // Sums of at most 54 products, of values of at most 1, in two orders: each rounding is 6e-8 of a sum of at most 27.
    private const float Tolerance = 1e-5f;

    private const long Free = -1;

    private static ImageTensor Images(int height, int width, int count = 2, int channels = 3)
    {
        var images = new ImageTensor(count, channels, height, width);
        var random = new Random(1);
        for (var i = 0; i < images.Values.Length; i++) images.Values[i] = random.Next(256) / 127.5f - 1;
        return images;
    }

    /// <summary>Two convolutions of 3 x 3: a pixel depends on those within 2 of it.</summary>
    private static TestGraph Local(long height = Free, long width = Free) => new TestGraph()
        .Input("image", DataType.Float, Free, 3, height, width).Weights("first", 4, 3, 3, 3).Weights("second-", 3, 4, 3, 3)
        .Node("Conv", "image, first -> seen", ("pads", new long[] { 1, 1, 1, 1 })).Node("Tanh", "seen -> bent")
        .Node("Conv", "bent, second- -> made", ("pads", new long[] { 1, 1, 1, 1 })).Node("Tanh", "made -> translation")
        .Output("translation", DataType.Float, Free, 3, height, width);

    /// <summary>Down and up again: a pixel depends on those within 3 of it, and sides are even.</summary>
    private static TestGraph Halving() => new TestGraph()
        .Input("image", DataType.Float, Free, 3, Free, Free).Weights("first", 4, 3, 3, 3).Weights("second-", 4, 3, 3, 3)
        .Node("Conv", "image, first -> seen", ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 }))
        .Node("Tanh", "seen -> bent")
        .Node("ConvTranspose", "bent, second- -> made", ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 }),
            ("output_padding", new long[] { 1, 1 }))
        .Node("Tanh", "made -> translation").Output("translation", DataType.Float, Free, 3, Free, Free)
        .Metadata(ModelMetadata.TrainedSize, "24,32").Metadata(ModelMetadata.SideMultiple, "2").Metadata(ModelMetadata.LeastSide, "4");

    private static void AssertClose(ImageTensor expected, ImageTensor actual)
    {
        Assert.Equal((expected.Count, expected.Channels, expected.Height, expected.Width),
            (actual.Count, actual.Channels, actual.Height, actual.Width));
        Assert.InRange(Difference(expected, actual), 0, Tolerance);
    }

    private static float Difference(ImageTensor one, ImageTensor other) => one.Values.Zip(other.Values, (x, y) => Math.Abs(x - y)).Max();

    private static string Refusal(TranslatorModel model, ImageTensor images, TranslateOptions? options = null) =>
        Assert.ThrowsAny<ArgumentException>(() => model.Translate(images, options ?? new())).Message;

    [Fact]
    public void A_model_of_free_size_says_what_it_was_trained_on_and_takes_others()
    {
        using var model = TranslatorModel.Load(Halving().Bytes);
        Assert.True(model.HasFreeSize);
        Assert.Equal((24, 32, 24, 32, 2, 4),
            (model.Height, model.Width, model.OutputHeight, model.OutputWidth, model.SideMultiple, model.LeastSide));
        Assert.Equal(3 * 24 * 32, model.ImageSize);
        foreach (var (height, width) in ((int, int)[])[(24, 32), (4, 10), (50, 38)])
        {
            Assert.True(model.Takes(height, width));
            var made = model.Translate(Images(height, width, count: 3));
            Assert.Equal((3, 3, height, width), (made.Count, made.Channels, made.Height, made.Width));
        }
        var span = new float[2 * model.OutputSize];
        model.Translate(Images(24, 32).Values, span);
        Assert.Equal(model.Translate(Images(24, 32)).Values, span);
        Assert.Contains("takes [3, H, W], H and W of at least 4, multiples of 2", Refusal(model, Images(24, 31)));
        Assert.Contains("at least 4", Refusal(model, Images(2, 32)));
        Assert.Contains("have 1 channels", Refusal(model, Images(24, 32, channels: 1)));
    }

    [Fact]
    public void A_model_of_one_size_has_no_free_one()
    {
        using var model = TranslatorModel.Load(Local(8, 12).Bytes);
        Assert.False(model.HasFreeSize);
        Assert.True(model.Takes(8, 12));
        Assert.False(model.Takes(12, 12));
        Assert.Contains("takes [3, 8, 12]", Refusal(model, Images(12, 12)));
    }

    /// <summary>Its sole side that is free may be any, and what it makes follows.</summary>
    [Fact]
    public void One_side_may_be_free()
    {
        using var model = TranslatorModel.Load(Local(8).Bytes);
        Assert.Equal((true, 8, 0), (model.HasFreeSize, model.Height, model.Width));
        Assert.Equal(13, model.Translate(Images(8, 13)).Width);
        Assert.Contains("takes [3, 8, W], W of at least 1", Refusal(model, Images(9, 13)));
    }

    [Theory]
    [InlineData("0,32", "4")]
    [InlineData("24", "4")]
    [InlineData("24,32", "four")]
    [InlineData("24,32", "5")]
    public void Wrong_metadata_of_sizes_are_an_error(string trained, string multiple)
    {
        var graph = Local().Metadata(ModelMetadata.TrainedSize, trained).Metadata(ModelMetadata.SideMultiple, multiple);
        Assert.Throws<ModelException>(() => TranslatorModel.Load(graph.Bytes));
    }

    [Fact]
    public void Others_models_of_free_size_are_taken_in_their_layout_and_range()
    {
        using var model = TranslatorModel.Load(new TestGraph().Floats("one", [], [1]).Input("input_1", DataType.Float, Free, Free, Free, 3)
            .Node("Sub", "one, input_1 -> out").Output("out", DataType.Float, Free, Free, Free, 3)
            .Metadata(ModelMetadata.PixelRange, "Normalized_0_1").Bytes);
        Assert.Equal((true, 0, 0, 0, 0), (model.HasFreeSize, model.Height, model.Width, model.OutputHeight, model.OutputSize));
        foreach (var (height, width) in ((int, int)[])[(5, 9), (12, 4)])
        {
            var images = Images(height, width);
            var made = model.Translate(images);
            for (var i = 0; i < made.Values.Length; i++) Assert.Equal(-images.Values[i], made.Values[i], Tolerance);
        }
        Assert.Contains("names none", Assert.Throws<InvalidOperationException>(() => model.Translate(new float[3], new float[3])).Message);
        Assert.Throws<ModelException>(() => TranslatorModel.Load(new TestGraph().Input("image", DataType.Float, Free, Free, Free, Free)
            .Node("Neg", "image -> translation").Output("translation", DataType.Float, Free, Free, Free, Free).Bytes));
    }

    /// <summary>Where the shape of what is made does not follow from the file, the model is asked.</summary>
    [Fact]
    public void The_size_of_what_is_made_is_found_by_a_run_where_it_must_be()
    {
        using var model = TranslatorModel.Load(new TestGraph().Input("image", DataType.Float, Free, 3, Free, Free)
            .Node("Sinh", "image -> translation").Output("translation", DataType.Float, Free, 3, Free, Free).Bytes);
        var images = Images(5, 7);
        var made = model.Translate(images);
        Assert.Equal((2, 5, 7), (made.Count, made.Height, made.Width));
        Assert.Equal(MathF.Sinh(images.Values[11]), made.Values[11], Tolerance);
    }

    [Fact]
    public void Sides_that_others_models_do_not_take_are_told()
    {
        var graph = Halving();
        graph.Model.MetadataProps.Clear();
        graph.Model.Graph.Node[^1].Input[0] = "sum";
        graph.Model.Graph.Node.Insert(3, new Onnx.NodeProto
        {
            OpType = "Add", Name = "skip", Input = { "made", "image" }, Output = { "sum" },
        });
        using var model = TranslatorModel.Load(graph.Bytes);
        Assert.Equal(6, model.Translate(Images(6, 8)).Height);
        var message = Assert.Throws<ModelException>(() => model.Translate(Images(5, 8))).Message;
        Assert.Contains("do not say which sides it takes; these were 5 x 8", message);
    }

    /// <summary>The margin of an overlap of 12 is 3, as far as the network sees.</summary>
    [Fact]
    public void In_tiles_a_local_network_makes_what_it_makes_of_the_whole()
    {
        using var model = TranslatorModel.Load(Halving().Bytes, new ModelOptions { BatchSize = 3 });
        foreach (var (height, width) in ((int, int)[])[(50, 38), (24, 90), (100, 20)])
        {
            var images = Images(height, width);
            AssertClose(model.Translate(images), model.Translate(images, new TranslateOptions { TileSide = 24, Overlap = 12 }));
        }
        // Without an overlap the tiles' borders show.
        var two = Images(48, 24);
        Assert.True(Difference(model.Translate(two), model.Translate(two, new TranslateOptions { TileSide = 24, Overlap = 0 })) > 0.01);
    }

    [Fact]
    public void A_model_of_one_size_translates_larger_pictures_in_tiles()
    {
        using var whole = TranslatorModel.Load(Local().Bytes);
        using var model = TranslatorModel.Load(Local(16, 20).Bytes);
        foreach (var (height, width) in ((int, int)[])[(16, 20), (17, 41), (61, 33)])
        {
            var images = Images(height, width);
            AssertClose(whole.Translate(images), model.Translate(images, new TranslateOptions { TileSide = 20, Overlap = 8 }));
        }
        var tiles = new TranslateOptions { TileSide = 20 };
        Assert.Contains("takes [3, 16, 20]", Refusal(model, Images(15, 40), tiles));
        Assert.Contains("no tiles of 32", Refusal(model, Images(40, 40), new TranslateOptions { TileSide = 32 }));
        Assert.Contains("overlap by 0 to 8", Refusal(model, Images(40, 40), tiles with { Overlap = 9 }));
        Assert.Contains("TileSide", Refusal(model, Images(40, 40), new TranslateOptions { TileSide = 0 }));
    }

    /// <summary>Twice as large, of channels; and half as large, by steps of 2.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public void Tiles_of_networks_that_change_the_size(int factor)
    {
        var graph = new TestGraph().Input("image", DataType.Float, Free, 3, Free, Free).Weights("first", 12, 3, 3, 3);
        graph = factor > 0
            ? graph.Node("Conv", "image, first -> seen", ("pads", new long[] { 1, 1, 1, 1 }))
                .Node("DepthToSpace", "seen -> made", ("blocksize", 2)).Node("Tanh", "made -> translation")
                .Output("translation", DataType.Float, Free, 3, Free, Free)
            : graph.Node("Conv", "image, first -> seen", ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 }))
                .Node("Tanh", "seen -> translation").Output("translation", DataType.Float, Free, 12, Free, Free);
        using var model = TranslatorModel.Load(graph.Bytes);
        var images = Images(50, 38);
        AssertClose(model.Translate(images), model.Translate(images, new TranslateOptions { TileSide = 16, Overlap = 4 }));
        if (factor > 0) return;
        Assert.Contains("do not end with a side of 49", Refusal(model, Images(49, 38), new TranslateOptions { TileSide = 16 }));
        Assert.Equal(24, model.Translate(Images(49, 38), new TranslateOptions { TileSide = 16, Pad = true }).Height);
    }

    [Fact]
    public void Images_of_any_size_are_continued_and_cut_back()
    {
        using var model = TranslatorModel.Load(Halving().Bytes);
        var options = new TranslateOptions { Pad = true };
        foreach (var (height, width) in ((int, int)[])[(24, 31), (2, 3), (1, 1), (33, 33)])
        {
            var images = Images(height, width);
            var made = model.Translate(images, options);
            Assert.Equal((height, width), (made.Height, made.Width));
            var tiled = model.Translate(images, options with { TileSide = 24, Overlap = 12 });
            AssertClose(made, tiled);
        }
        using var one = TranslatorModel.Load(Local(8, 12).Bytes);
        Assert.Equal((5, 12), (one.Translate(Images(5, 12), options).Height, one.Translate(Images(5, 12), options).Width));
        Assert.Contains("takes [3, 8, 12]", Refusal(one, Images(9, 12), options));
        Assert.Equal([1, 2, 3, 2, 1, 2], Reflection.Continue(new ImageTensor([1, 2, 3], 1, 1, 1, 3), 1, 6).Values);
        Assert.Equal([1, 2, 3, 1, 2, 3], Reflection.Continue(new ImageTensor([1, 2, 3], 1, 1, 1, 3), 2, 3).Values);
    }

    [Fact]
    public void A_picture_that_needs_too_much_memory_is_refused_and_goes_in_tiles()
    {
        // 3 + 3 channels of the image and the first convolution's 4 and 4, of 4 bytes.
        using var model = TranslatorModel.Load(Halving().Bytes, new ModelOptions { MemoryLimit = 100_000 });
        var message = Refusal(model, Images(200, 200));
        Assert.Contains("for an image of 200 x 200", message);
        Assert.Contains("TileSide", message);
        Assert.Equal(200, model.Translate(Images(200, 200), new TranslateOptions { TileSide = 32 }).Height);
    }

    /// <summary>Shares add up to 1, and a tile has none in the outer quarter of an overlap.</summary>
    [Fact]
    public void Tiles_cover_a_side_and_pass_into_each_other()
    {
        foreach (var (length, tile, overlap, multiple) in ((int, int, int, int)[])
            [(24, 24, 0, 1), (25, 24, 6, 1), (100, 24, 12, 1), (37, 24, 12, 1), (36, 24, 8, 4), (1000, 64, 13, 4), (99, 10, 5, 1)])
        {
            var axis = TileAxis.Of(length, tile, tile, overlap, multiple);
            Assert.Equal((0, length), (axis.Starts[0], axis.Made));
            Assert.All(axis.Starts, start => Assert.Equal(0, start % multiple));
            var sums = new double[length];
            for (var i = 0; i < axis.Starts.Length; i++)
            {
                if (i > 0) Assert.True(axis.Starts[i - 1] + tile - axis.Starts[i] >= overlap);
                var shares = axis.Shares(i);
                for (var x = 0; x < tile; x++) sums[axis.Starts[i] + x] += shares[x];
                for (var x = 0; x < overlap / 4; x++)
                {
                    if (i > 0) Assert.Equal(0, shares[x]);
                    if (i < axis.Starts.Length - 1) Assert.Equal(0, shares[tile - 1 - x]);
                }
            }
            Assert.All(sums, sum => Assert.Equal(1, sum, 1e-6));
        }
        Assert.Contains("cannot begin at multiples of 32",
            Assert.Throws<ArgumentException>(() => TileAxis.Of(96, 32, 32, null, 32)).Message);
    }
}
