[assembly: CollectionBehavior("GanPipeline.TestSupport.TensorScopes", "GanPipeline.Studio.Tests")]
