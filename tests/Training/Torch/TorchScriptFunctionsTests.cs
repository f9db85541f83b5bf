using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

public class TorchScriptFunctionsTests
{
    [Fact]
    public void Averages_move_by_a_share_of_the_distance()
    {
        using var scope = NewDisposeScope();
        Tensor[] averages = [tensor([0f, 1f]), tensor(4f)], values = [tensor([1f, 1f]), tensor(0f)];
        TorchScriptFunctions.Lerp(averages, values, 0.25);
        Assert.Equal([0.25f, 1f], averages[0].data<float>().ToArray());
        Assert.Equal(3f, averages[1].item<float>());
    }

    [Fact]
    public void A_norm_is_that_of_all_tensors_together()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(13f, TorchScriptFunctions.Norm([Column(3, 4), tensor(12f)]).item<float>(), 1e-5);
    }

    [Theory]
    [InlineData(null, 2f / 3, 2f / 3)] // Halfway between the means 3 and -1 is 1.
    [InlineData(0.5, 1f, 2f / 3)]
    [InlineData(-2.5, 1f, 1f / 3)]
    public void A_row_has_the_losses_the_shares_of_right_outputs_and_the_rest(double? boundary, float real, float generated)
    {
        using var scope = NewDisposeScope();
        var row = TorchScriptFunctions.StepRow([tensor(7f), tensor(8f)], Column(1, 2, 6), Column(-2, -3, 2),
            boundary, [tensor(9f)]);
        Assert.Equal([7f, 8f, real, generated, 9f], row.data<float>().ToArray());
    }

    private static Tensor Column(params float[] values) => tensor(values).unsqueeze(1);
}
