namespace GanPipeline.Pipelines;

/// <summary>Which stages a pipeline has, in order.</summary>
internal static class Stages
{
    public static IReadOnlyList<Stage> Of(PipelineOptions options)
    {
        if (options.Kind == PipelineOptions.Classifier) 
            return WithReport([new ClassifierTrainStage(), new ClassifierExportStage()]);
        if (options.Kind == PipelineOptions.TextEncoder)
            return WithReport([new TextEncoderTrainStage(), new TextEncoderExportStage(), new TextEncoderEvaluateStage()]);
        if (options.Architecture.Poses)
            return WithReport([new TrainStage(), new PoseExportStage(), new PoseSampleStage(), new PoseEvaluateStage()]);
        if (options.Architecture.Translates)
            return WithReport([new TrainStage(), new TranslatorExportStage(), new TranslateStage(),
                options.Architecture.Cycles ? new CycleEvaluateStage() : new PairEvaluateStage()]);
        List<Stage> stages = [new TrainStage(), new ExportStage(), new SampleStage()];
        if (options.Evaluate.Classifier.Length > 0) stages.Add(new EvaluateStage());
        if (options.Classify is not null) stages.AddRange([new FeaturesStage(), new ClassifyStage()]);
        return WithReport(stages);
    }

    private static IReadOnlyList<Stage> WithReport(IReadOnlyList<Stage> stages) => [.. stages, new ReportStage(stages)];
}
