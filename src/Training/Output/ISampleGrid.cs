using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>What all sample grids of a training show, so that they can be compared.</summary>
internal interface ISampleGrid
{
    /// <summary>Pictures in a row; 0 is the drawing's choice.</summary>
    int Columns { get; }

    /// <summary>The grid's pictures, by a generator as it is.</summary>
    ImageTensor Draw(Module<Tensor, Tensor> generator);
}
