namespace GanPipeline.Data.Tests;

public class DependencyTests
{
    [Fact]
    public void Data_needs_Core_and_libraries_for_pictures_and_numbers_alone() =>
        Assert.Equal(["GanPipeline.Core", "SixLabors.ImageSharp", "SkiaSharp", "System.Numerics.Tensors"],
            AssemblyReferences.Direct("GanPipeline.Data"));
}
