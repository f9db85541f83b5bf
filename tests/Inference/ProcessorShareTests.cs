namespace GanPipeline.Inference.Tests;

/// <summary>Threads of a session where not all processors may be used.</summary>
public class ProcessorShareTests
{
    [Theory]
    [InlineData(0, 2, 64, 2)] // a container with a limit
    [InlineData(0, 64, 64, 0)] // ONNX Runtime counts physical cores itself
    [InlineData(0, 4, null, 0)]
    [InlineData(3, 2, 64, 3)]
    public void Threads_follow_the_limit(int asked, int allowed, int? online, int threads) =>
        Assert.Equal(threads, ProcessorShare.Threads(asked, allowed, online));

    [Theory]
    [InlineData("0\n", 1)]
    [InlineData("0-63\n", 64)]
    [InlineData("0-3,8,10-11", 7)]
    [InlineData("", null)]
    [InlineData("3-1", null)]
    public void Lists_of_processors_are_counted(string list, int? count) => Assert.Equal(count, ProcessorShare.Count(list));
}
