namespace GanPipeline.Evaluation.Tests;

/// <summary>Labels by the nearest known image.</summary>
public sealed class NearestNeighbourTests
{
    private static NearestNeighbour Of(params (float Value, int Label)[] images)
    {
        var neighbours = new NearestNeighbour();
        neighbours.Add(new ImageTensor([.. images.SelectMany(i => new[] { i.Value, -i.Value })], images.Length, 1, 1, 2),
            [.. images.Select(i => i.Label)]);
        return neighbours;
    }

    [Fact]
    public void An_image_has_the_label_of_the_nearest() =>
        Assert.Equal(0.75, Of((0, 0), (1, 1)).Accuracy(Of((0.1f, 0), (0.9f, 1), (0.6f, 1), (0.4f, 1))));

    [Fact]
    public void Samples_of_another_label_than_asked_are_wrong() => Assert.Equal(0, Of((0, 1), (1, 0)).Accuracy(Of((0, 0), (1, 1))));
}
