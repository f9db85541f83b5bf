// Torch has one random generator and one pool of threads a process, so that two trainings at a time would disturb each other.
[assembly: CollectionBehavior("GanPipeline.TestSupport.TensorScopes", "GanPipeline.Training.Tests", DisableTestParallelization = true)]
