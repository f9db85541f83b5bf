using GanPipeline.Inference;
using Microsoft.ML;
namespace GanPipeline.ML.Internals;
internal static class StockTransform
{
    public static void Save(BatchTransform transform, ModelSaveContext ctx) => throw new NotImplementedException();
    public static BatchTransform? Restore(string name, byte[] model, ModelOptions options) => throw new NotImplementedException();
}
