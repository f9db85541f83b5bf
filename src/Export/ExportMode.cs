namespace GanPipeline.Export;

/// <summary>In which mode a network is written (<see cref="ExportOptions.Mode"/>).</summary>
public enum ExportMode
{
    /// <summary>As it is used after training: nothing is dropped, and batch normalisation uses its running statistics.</summary>
    Evaluation,

    /// <summary>
    /// As in training: dropout drops at random in each run, and batch normalisation uses the statistics of the batch in hand. Pix2Pix
    /// generates so (Isola et al. 2017, section 3.4). A session of ONNX Runtime goes on drawing from run to run, and each new one begins
    /// with the same numbers.
    /// </summary>
    Training,

    /// <summary>Each module in the mode that it is in (<c>module.training</c>): dropout on, and all else evaluated, for example.</summary>
    Preserve,
}
