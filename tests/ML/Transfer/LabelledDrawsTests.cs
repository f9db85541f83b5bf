using GanPipeline.Data;

namespace GanPipeline.ML.Tests;

public class LabelledDrawsTests
{
    [Fact]
    public void A_draw_has_so_many_usable_images_of_each_class_and_is_always_the_same()
    {
        var source = new ShapesSource(300, usable: i => i % 7 != 0);
        var draws = LabelledDraws.Draw(source, 10, 4, seed: 3);
        Assert.Equal(4, draws.Count);
        foreach (var draw in draws)
        {
            Assert.Equal(30, draw.Distinct().Count());
            Assert.All(Enumerable.Range(0, 3), c => Assert.Equal(10, draw.Count(i => source.Label(i) == c)));
            Assert.DoesNotContain(draw, i => i % 7 == 0);
        }
        Assert.NotEqual(draws[0], draws[1]);
        // A draw depends on the seed and its number, not on how many there are.
        Assert.Equal(draws.Take(2), LabelledDraws.Draw(source, 10, 2, seed: 3));
        Assert.NotEqual(draws[0], LabelledDraws.Draw(source, 10, 2, seed: 4)[0]);
    }

    [Fact]
    public void Too_few_images_of_a_class_are_named()
    {
        using var source = new ShapesSource(30, usable: i => i != 4);
        var message = Assert.Throws<DataSetException>(() => LabelledDraws.Draw(source, 10, 2, 0)).Message;
        Assert.Contains("'class 1'", message, StringComparison.Ordinal);
        Assert.Contains("9 usable images", message, StringComparison.Ordinal);
        Assert.Contains("10 labels per class", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_of_one_image_is_named()
    {
        var source = new ShapesSource(30) { Labels = i => i == 0 ? 2 : i % 2 };
        Assert.Contains("'class 2' of shapes has one image", Assert.Throws<DataSetException>(() => LabelledDraws.ByClass(source)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Images_without_labels_and_with_one_class_are_errors()
    {
        Assert.Contains("no labels",
            Assert.Throws<DataSetException>(() => LabelledDraws.ByClass(new ShapesSource(30) { Labels = _ => -1 })).Message,
                StringComparison.Ordinal);
        Assert.Contains("no labels",
            Assert.Throws<DataSetException>(() => LabelledDraws.ByClass(new ShapesSource(30) { Classes = [], Labels = _ => -1 })).Message,
                StringComparison.Ordinal);
        Assert.Contains("two classes",
            Assert.Throws<DataSetException>(() => LabelledDraws.ByClass(new ShapesSource(30, classes: 1))).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_held_out_keeps_the_classes_shares()
    {
        int[] labels = [.. Enumerable.Repeat(0, 50), .. Enumerable.Repeat(1, 10), 2, 2];
        var (train, validation) = LabelledDraws.HoldOut(Enumerable.Range(0, labels.Length), labels, 0.2, 5);
        Assert.Equal(Enumerable.Range(0, labels.Length), train.Concat(validation).Order());
        Assert.Equal([10, 2, 1], Enumerable.Range(0, 3).Select(c => validation.Count(r => labels[r] == c)));
    }
}
